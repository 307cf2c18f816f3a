"""One election, one party: what several sources state of the same thing gets one id, with the rule that says so."""

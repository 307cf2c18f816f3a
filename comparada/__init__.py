"""Comparada: the command line and the portal over a comparative electoral knowledge base."""

-- What pandoc's writers need a hand with: notes beneath tables and the bibliography, in each format's own way.

local function wrapped(before, blocks, after)
  local out = pandoc.List({ pandoc.RawBlock(FORMAT, before) })
  out:extend(blocks)
  out:insert(pandoc.RawBlock(FORMAT, after))
  return out
end

function Div(div)
  if div.classes:includes("lying") then -- a table too wide for the upright page
    if FORMAT == "typst" then
      return wrapped("#page(flipped: true)[", div.content, "]")
    elseif FORMAT == "docx" then
      local ends = '<w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:sectPr><w:pgSz w:orient="%s"/></w:sectPr></w:pPr></w:p>'
      local out = pandoc.List({ pandoc.RawBlock("openxml", ends:format("portrait")) })
      out:extend(div.content)
      out:insert(pandoc.RawBlock("openxml", ends:format("landscape")))
      return out
    end
  end
  if FORMAT == "typst" and div.classes:includes("note") then
    return wrapped("#note[", div.content, "]")
  elseif FORMAT == "typst" and div.identifier == "refs" then
    return wrapped("#references[", div.content, "]")
  end
end

function Table(table)
  local share = tonumber(table.attributes.width)
  if share then -- a table of few words does not fill the line
    table.attributes.width = nil
    table.colspecs = table.colspecs:map(function(column)
      return { column[1], column[2] and column[2] * share / 100 }
    end)
  end
  if FORMAT:match("html") then
    return wrapped('<div class="scroll" tabindex="0">', { table }, "</div>")
  end
  return table
end

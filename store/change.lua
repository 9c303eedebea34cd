-- Changes or takes away one kept text together with its cells, provided that
-- it is still what the caller read. Returns whether it was changed (1 or 0), and
-- how many changes were made of the journal that it is from.
--
-- KEYS  the text's hash, the book of texts, the marks of days, the corrections
--       and when they were made, the counted mentions of its story, the marks of
--       journals, then hashes of packed cells
-- ARGV  the mention's id, its text as read, its new text (empty: take it away)
--       the hour in the book, bytes to add to it, number of packed hashes
--       the day whose cells change, and the mark of this change
--       the correction of the text (empty: stays as it is; -: none any more),
--       when it was made or taken back, ms, and how many are kept at most
--       what becomes of it among its story's counted mentions (+: it is one, -:
--       it is none any more, empty: stays as it is), the first two of them as
--       read, when it was published, ms, when they expire, and the other day
--       whose cells change (empty: none)
--       the field that counts the changes of its journal (empty: there is none)
--       per packed hash: expiry, n, n × (field, cell to add)
local call, argv = redis.call, ARGV
local match, format, concat = string.match, string.format, table.concat
local cell = '^(%-?%d+),(%-?%d+),(%-?%d+),(%-?%d+),(%-?%d+),(%-?%d+),(%-?%d+)$'

local function unchanged()
  return {0, argv[17] ~= '' and tonumber(call('HGET', KEYS[7], argv[17]) or '0') or 0}
end

if call('HGET', KEYS[1], argv[1]) ~= argv[2] then return unchanged() end
if argv[12] ~= '' and concat(call('ZRANGE', KEYS[6], 0, 1), ' ') ~= argv[13] then return unchanged() end
if argv[3] == '' then call('HDEL', KEYS[1], argv[1]) else call('HSET', KEYS[1], argv[1], argv[3]) end
call('HINCRBY', KEYS[2], argv[4], argv[5])
call('HINCRBY', KEYS[2], 'v' .. argv[4], tonumber(string.sub(argv[8], 1, 7), 16) + 1) -- see stepOf

call('HSET', KEYS[3], argv[7], argv[8])
if argv[9] == '-' then call('HDEL', KEYS[4], argv[1]) end
if argv[9] == '-' and argv[3] == '' then
  call('HDEL', KEYS[5], argv[1])
elseif argv[9] ~= '' then
  -- When one was taken back is kept as well: an older one may be counted again.
  if argv[9] ~= '-' then call('HSET', KEYS[4], argv[1], argv[9]) end
  call('HSET', KEYS[5], argv[1], argv[10])
  if call('HLEN', KEYS[5]) > tonumber(argv[11]) then
    -- The one that was made longest ago makes room.
    local all, id, at = call('HGETALL', KEYS[5]), nil, nil
    for x = 1, #all, 2 do
      local made = tonumber(all[x + 1])
      if not at or made < at or made == at and all[x] < id then id, at = all[x], made end
    end
    call('HDEL', KEYS[4], id)
    call('HDEL', KEYS[5], id)
  end
end

if argv[12] == '+' then
  call('ZADD', KEYS[6], argv[14], argv[1])
  call('EXPIREAT', KEYS[6], argv[15])
elseif argv[12] == '-' then
  call('ZREM', KEYS[6], argv[1])
end
if argv[16] ~= '' then call('HSET', KEYS[3], argv[16], argv[8]) end

local i = 18
for k = 8, 7 + tonumber(argv[6]) do
  local n = tonumber(argv[i + 1])
  for x = 0, n - 1 do
    local field, new = argv[i + 2 + 2 * x], argv[i + 3 + 2 * x]
    local old = call('HGET', KEYS[k], field)
    if old then
      local a, b, c, d, e, f, g = match(old, cell)
      local p, q, r, s, t, u, v = match(new, cell)
      new = format('%d,%d,%d,%d,%d,%d,%d', a + p, b + q, c + r, d + s, e + t, f + u, g + v)
    end
    if new == '0,0,0,0,0,0,0' then
      call('HDEL', KEYS[k], field)
    else
      call('HSET', KEYS[k], field, new)
    end
  end
  call('EXPIREAT', KEYS[k], argv[i])
  i = i + 2 + 2 * n
end
return {1, argv[17] ~= '' and call('HINCRBY', KEYS[7], argv[17], 1) or 0}

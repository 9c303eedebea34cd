-- Writes one batch of one brand, all or nothing.
--
-- Counted is counted once: if any hash of the batch is known already, nothing
-- is written and those that are known are returned; the caller leaves them out
-- and sends the rest. A batch whose reply was lost may be sent again under the
-- same token: it is then found written.
--
-- KEYS  the token's key; per shard the set of this generation and of the one
--       before; hashes of packed cells; hashes of plain counts; hashes of texts;
--       the book of texts
-- ARGV  numbers of: shards, packed hashes, count hashes, text hashes
--       seconds that the token lives; when the generation's sets expire
--       when the newest mention was published, ms (0: none)
--       per shard:        n, n hashes
--       per packed hash:  expiry, n, n × (field, cell to add)
--       per count hash:   expiry, n, n × (field, number to add)
--       per text hash:    expiry, n, n × (field, text)
--       per hour of the book: n, n × (hour, bytes to add)
local call, argv, keys = redis.call, ARGV, KEYS
local match, format = string.match, string.format
local shards, packed, counts, texts = tonumber(argv[1]), tonumber(argv[2]), tonumber(argv[3]), tonumber(argv[4])
local cell = '^(%-?%d+),(%-?%d+),(%-?%d+),(%-?%d+),(%-?%d+),(%-?%d+),(%-?%d+)$'
local most = 400 -- values that are unpacked on to the stack at once

if call('EXISTS', keys[1]) == 1 then return {'written'} end

local seen, i, k = {}, 8, 2
for _ = 1, shards do
  local n = tonumber(argv[i])
  for from = 1, n, most do
    local to = math.min(n, from + most - 1)
    local now = call('SMISMEMBER', keys[k], unpack(argv, i + from, i + to))
    local before = call('SMISMEMBER', keys[k + 1], unpack(argv, i + from, i + to))
    for x = 1, to - from + 1 do
      local hash = argv[i + from + x - 1]
      if now[x] == 1 then
        seen[#seen + 1] = hash
      elseif before[x] == 1 then
        -- It keeps coming, so it stays known.
        seen[#seen + 1] = hash
        call('SADD', keys[k], hash)
        call('EXPIREAT', keys[k], argv[6])
      end
    end
  end
  i, k = i + n + 1, k + 2
end
if #seen > 0 then return seen end

call('SET', keys[1], '1', 'EX', argv[5])
i, k = 8, 2
for _ = 1, shards do
  local n = tonumber(argv[i])
  for from = 1, n, most do
    call('SADD', keys[k], unpack(argv, i + from, i + math.min(n, from + most - 1)))
  end
  call('EXPIREAT', keys[k], argv[6])
  i, k = i + n + 1, k + 2
end

for _ = 1, packed do
  local key, n, fresh = keys[k], tonumber(argv[i + 1]), true
  for from = 0, n - 1, most do
    local to = math.min(n, from + most) - 1
    local fields, set = {}, {}
    for x = from, to do fields[#fields + 1] = argv[i + 2 + 2 * x] end
    local old = call('HMGET', key, unpack(fields))
    for x = from, to do
      local y, new = x - from + 1, argv[i + 3 + 2 * x]
      if old[y] then
        fresh = false
        local a, b, c, d, e, f, g = match(old[y], cell)
        local p, q, r, s, t, u, v = match(new, cell)
        new = format('%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f', a + p, b + q, c + r, d + s, e + t, f + u, g + v)
      end
      set[2 * y - 1], set[2 * y] = fields[y], new
    end
    call('HSET', key, unpack(set))
  end
  if fresh then call('EXPIREAT', key, argv[i]) end
  i, k = i + 2 + 2 * n, k + 1
end

for _ = 1, counts do
  local key, n = keys[k], tonumber(argv[i + 1])
  for x = 0, n - 1 do call('HINCRBY', key, argv[i + 2 + 2 * x], argv[i + 3 + 2 * x]) end
  call('EXPIREAT', key, argv[i])
  i, k = i + 2 + 2 * n, k + 1
end

for _ = 1, texts do
  local key, n = keys[k], tonumber(argv[i + 1])
  for from = 0, n - 1, most do
    call('HSET', key, unpack(argv, i + 2 + 2 * from, i + 1 + 2 * math.min(n, from + most)))
  end
  call('EXPIREAT', key, argv[i])
  i, k = i + 2 + 2 * n, k + 1
end

local book, n = keys[k], tonumber(argv[i])
for x = 0, n - 1 do
  call('HINCRBY', book, argv[i + 1 + 2 * x], argv[i + 2 + 2 * x])
  call('HINCRBY', book, 'v' .. argv[i + 1 + 2 * x], 1)
end
if argv[7] ~= '0' then
  local last = call('HGET', book, 'last')
  if not last or tonumber(last) < tonumber(argv[7]) then call('HSET', book, 'last', argv[7]) end
end
return {}

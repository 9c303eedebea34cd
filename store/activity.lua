-- Writes one batch of one brand's activities, all or nothing. As record.lua,
-- with plain counts alone.
--
-- KEYS  the token's key, or the brand's marks of journals; per shard the set of this generation and of the one
--       before; hashes of counts
-- ARGV  numbers of shards and of count hashes; seconds that the token lives;
--       when the generation's sets expire
--       the journal (empty: none), the mark of this batch, and the mark that
--       was acknowledged last; how many cities a hash of them may have
--       per shard:      whether it may have no expiry yet, n, n hashes
--       per count hash: expiry, n, n × (field, number to add)
local call, argv, keys = redis.call, ARGV, KEYS
local shards, counts = tonumber(argv[1]), tonumber(argv[2])
local most = 400
local spots = tonumber(argv[8])

local journal = argv[5]
if journal == '' then
  if call('EXISTS', keys[1]) == 1 then return {'written'} end
else
  local mark = tonumber(call('HGET', keys[1], journal) or '0')
  if mark < tonumber(argv[7]) then return {'lost'} end
  if mark >= tonumber(argv[6]) then return {'written'} end
end

local seen, i, k = {}, 9, 2
for _ = 1, shards do
  local n = tonumber(argv[i + 1])
  for x = i + 2, i + 1 + n do
    if call('SISMEMBER', keys[k], argv[x]) == 1 then
      seen[#seen + 1] = argv[x]
    elseif call('SISMEMBER', keys[k + 1], argv[x]) == 1 then
      seen[#seen + 1] = argv[x]
      call('SADD', keys[k], argv[x])
      call('EXPIREAT', keys[k], argv[4])
    end
  end
  i, k = i + n + 2, k + 2
end
if #seen > 0 then return seen end

if journal == '' then
  call('SET', keys[1], '1', 'EX', argv[3])
else
  call('HSET', keys[1], journal, argv[6])
end
i, k = 9, 2
for _ = 1, shards do
  local n = tonumber(argv[i + 1])
  for from = 1, n, most do
    call('SADD', keys[k], unpack(argv, i + 1 + from, i + 1 + math.min(n, from + most - 1)))
  end
  if argv[i] == '1' then call('EXPIREAT', keys[k], argv[4]) end
  i, k = i + n + 2, k + 2
end
for _ = 1, counts do
  local key, n = keys[k], tonumber(argv[i + 1])
  -- Cities beyond so many count with their country alone.
  local open = string.sub(key, 1, 2) ~= 'g:' or call('HLEN', key) + n <= spots
  for x = 0, n - 1 do
    local field = argv[i + 2 + 2 * x]
    if open or call('HEXISTS', key, field) == 1 or call('HLEN', key) < spots then
      call('HINCRBY', key, field, argv[i + 3 + 2 * x])
    end
  end
  call('EXPIREAT', key, argv[i])
  i, k = i + 2 + 2 * n, k + 1
end
return {}

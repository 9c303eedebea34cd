-- Writes one batch of one brand, all or nothing.
--
-- Counted is counted once: if any hash of the batch is known already, nothing
-- is written and those that are known are returned; the caller leaves them out
-- and sends the rest. A batch whose reply was lost may be sent again: it is
-- found written, by its token, or by the mark of the journal that it is from.
--
-- What it adds to the counts of stories depends on the first mention of each
-- that is counted already. If that isn't the one that the caller has read,
-- nothing is written, and the answer says so.
--
-- KEYS  the token's key, or the brand's marks of journals; per story its
--       counted mentions, by when they were published; per shard the set of this generation and of the one
--       before; hashes of packed cells; hashes of plain counts; hashes of texts;
--       the book of texts; the marks of days
-- ARGV  numbers of: shards, packed hashes, count hashes, text hashes
--       seconds that the token lives; when the generation's sets expire
--       when the newest mention was published, ms (0: none)
--       the journal (empty: there is none, the token counts), the mark of this
--       batch, and the mark that was acknowledged last
--       number of stories; when the newest mention without a story was published
--       (0: none)
--       per story:        the first mention as read, expiry, n, n × (published, id)
--       per shard:        whether it may have no expiry yet, n, n hashes
--       per packed hash:  expiry, n, n × (field, cell to add)
--       per count hash:   expiry, n, n × (field, number to add)
--       per text hash:    expiry, n, n × (field, text)
--       per hour of the book: n, n × (hour, bytes to add)
--       the mark of this batch, and the days whose cells it touches
local call, argv, keys = redis.call, ARGV, KEYS
local decode, concat, format = cjson.decode, table.concat, string.format
local shards, packed, counts, texts = tonumber(argv[1]), tonumber(argv[2]), tonumber(argv[3]), tonumber(argv[4])
local most = 400 -- values that are unpacked on to the stack at once

local journal = argv[8]
if journal == '' then
  if call('EXISTS', keys[1]) == 1 then return {'written'} end
else
  local mark = tonumber(call('HGET', keys[1], journal) or '0')
  if mark < tonumber(argv[10]) then return {'lost'} end
  if mark >= tonumber(argv[9]) then return {'written'} end
end

local stories, newest = tonumber(argv[11]), argv[12]
local i, k = 13, 2
local moved = false
for _ = 1, stories do
  local first = call('ZRANGE', keys[k], 0, 0)[1] or ''
  if first ~= argv[i] then moved = true end
  i, k = i + 3 + 2 * tonumber(argv[i + 2]), k + 1
end
local i0, k0 = i, k

local seen = {}
for _ = 1, shards do
  local n = tonumber(argv[i + 1])
  for from = 1, n, most do
    local first, last = i + 1 + from, i + 1 + math.min(n, from + most - 1)
    local now = call('SMISMEMBER', keys[k], unpack(argv, first, last))
    local before = call('SMISMEMBER', keys[k + 1], unpack(argv, first, last))
    for x = first, last do
      if now[x - first + 1] == 1 then
        seen[#seen + 1] = argv[x]
      elseif before[x - first + 1] == 1 then
        -- It keeps coming, so it stays known.
        seen[#seen + 1] = argv[x]
        call('SADD', keys[k], argv[x])
        call('EXPIREAT', keys[k], argv[6])
      end
    end
  end
  i, k = i + n + 2, k + 2
end
if #seen > 0 then return seen end
if moved then return {'moved'} end

if journal == '' then
  call('SET', keys[1], '1', 'EX', argv[5])
else
  call('HSET', keys[1], journal, argv[9])
end
i, k = 13, 2
for _ = 1, stories do
  local n = tonumber(argv[i + 2])
  for from = 0, n - 1, most do
    call('ZADD', keys[k], unpack(argv, i + 3 + 2 * from, i + 2 + 2 * math.min(n, from + most)))
  end
  call('EXPIREAT', keys[k], argv[i + 1])
  i, k = i + 3 + 2 * n, k + 1
end

i, k = i0, k0
for _ = 1, shards do
  local n = tonumber(argv[i + 1])
  for from = 1, n, most do
    call('SADD', keys[k], unpack(argv, i + 1 + from, i + 1 + math.min(n, from + most - 1)))
  end
  if argv[i] == '1' then call('EXPIREAT', keys[k], argv[6]) end
  i, k = i + n + 2, k + 2
end

-- All cells of a hash are read as one list of numbers, seven a cell, which is
-- several times faster than to take each apart.
for _ = 1, packed do
  local key, n, fresh = keys[k], tonumber(argv[i + 1]), true
  for from = 0, n - 1, most do
    local fields, first = {}, i + 2 + 2 * from
    local last = i + 2 * math.min(n, from + most)
    for x = first, last, 2 do fields[#fields + 1] = argv[x] end
    local old = call('HMGET', key, unpack(fields))
    local set, olds, news, at = {}, {}, {}, {}
    for y = 1, #fields do
      local new = argv[first + 2 * y - 1]
      set[2 * y - 1], set[2 * y] = fields[y], new
      if old[y] then
        local z = #at + 1
        olds[z], news[z], at[z] = old[y], new, 2 * y
      end
    end
    if #at > 0 then
      fresh = false
      local a, b = decode('[' .. concat(olds, ',') .. ']'), decode('[' .. concat(news, ',') .. ']')
      for z = 1, #at do
        local o = 7 * z
        set[at[z]] = format('%d,%d,%d,%d,%d,%d,%d', a[o - 6] + b[o - 6], a[o - 5] + b[o - 5], a[o - 4] + b[o - 4],
          a[o - 3] + b[o - 3], a[o - 2] + b[o - 2], a[o - 1] + b[o - 1], a[o] + b[o])
      end
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
local mark = i + 1 + 2 * n
local step = tonumber(string.sub(argv[mark], 1, 7), 16) + 1 -- see stepOf
for x = 0, n - 1 do
  call('HINCRBY', book, argv[i + 1 + 2 * x], argv[i + 2 + 2 * x])
  call('HINCRBY', book, 'v' .. argv[i + 1 + 2 * x], step)
end
call('HSET', keys[k + 1], 'batch', argv[mark])
for x = mark + 1, #argv do call('HSET', keys[k + 1], argv[x], argv[mark]) end
-- From when on every mention has a story.
local bare = call('HGET', book, 'bare')
if not bare and (stories > 0 or newest ~= '0') then
  bare = call('HGET', book, 'last') or '0'
  call('HSET', book, 'bare', bare)
end
if tonumber(newest) > tonumber(bare or '0') then call('HSET', book, 'bare', newest) end
if argv[7] ~= '0' then
  local last = call('HGET', book, 'last')
  if not last or tonumber(last) < tonumber(argv[7]) then call('HSET', book, 'last', argv[7]) end
end
return {}

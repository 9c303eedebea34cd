-- Drops the first chunk of a shared log, if it has expired or there is more than
-- there is room for. Returns 1 if it was dropped.
--
-- KEYS  the log, the chunk
-- ARGV  the chunk, the most bytes
local call = redis.call
if tonumber(call('HGET', KEYS[1], 'first') or '-1') ~= tonumber(ARGV[1]) then return 0 end
local bytes = tonumber(call('HGET', KEYS[1], 'bytes') or '0')
if bytes <= tonumber(ARGV[2]) and call('EXISTS', KEYS[2]) == 1 then return 0 end
call('DEL', KEYS[2])
local gone = tonumber(call('HGET', KEYS[1], 'b' .. ARGV[1]) or '0')
call('HDEL', KEYS[1], 'b' .. ARGV[1])
call('HINCRBY', KEYS[1], 'bytes', -gone)
call('HSET', KEYS[1], 'first', tonumber(ARGV[1]) + 1)
return 1

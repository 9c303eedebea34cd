-- Notes how far a journal was counted, and that nothing of it is left to do.
-- Returns 1, or 0 where the mark, or the number of changes, isn't even what was
-- acknowledged before: the store has lost something.
--
-- KEYS  the brand's marks of journals
-- ARGV  the journal, its new mark, the mark that was acknowledged last, the
--       field of what has nothing left to do, its new value, the field that
--       counts changes, and how many were acknowledged
local old = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if old < tonumber(ARGV[3]) then return 0 end
if tonumber(redis.call('HGET', KEYS[1], ARGV[6]) or '0') < tonumber(ARGV[7]) then return 0 end
if old < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
redis.call('HSET', KEYS[1], ARGV[4], ARGV[5])
return 1

-- Gives out, renews and gives back leases, and writes states under them.
--
-- KEYS  the lease (its owner; expires by the server's own clock), the fence
--       (n: the newest that was given out, v: the version of the state), the
--       state, the set of the states' ids
-- ARGV  what to do, and then
--       claim    owner, ms that the lease lasts, s that the fence is known,
--                the version that the owner knows (empty: whatever is kept)
--                → {1, fence, version}, or {0, ms that another has it, version,
--                the state, if its version is another}
--       renew    fence, ms → 1, or 0: a newer fence was given out
--       release  fence → 1, or 0
--       put      fence, s that the fence is known, the state, when it expires
--                (s, 0: never), its id, 1: give the lease back
--                → the new version, or 0: a newer fence was given out
-- Fences and versions are texts: they are larger than a reply's numbers may be.
local call, argv = redis.call, ARGV
local lease, fence, state, ids = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- A server that lost its counter goes on from its clock: no fence comes twice.
local function grow(field)
  if call('HEXISTS', fence, field) == 0 then
    local now = call('TIME')
    call('HSET', fence, field, string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000)))
  else
    call('HINCRBY', fence, field, 1)
  end
  return call('HGET', fence, field)
end

local newest = call('HGET', fence, 'n')

if argv[1] == 'claim' then
  local version = call('HGET', fence, 'v') or '0'
  local owner = call('GET', lease)
  if argv[5] ~= '' and argv[5] ~= version then
    local value = call('GET', state)
    if value then return {0, owner and call('PTTL', lease) or 0, version, value} end
  end
  if owner and owner ~= argv[2] then return {0, call('PTTL', lease), version} end
  -- One whose reply was lost asks again, and gets what it has.
  if not owner or not newest then newest = grow('n') end
  call('SET', lease, argv[2], 'PX', argv[3])
  call('EXPIRE', fence, argv[4])
  return {1, newest, version}
end

if newest and newest ~= argv[2] then return 0 end
if not newest then call('HSET', fence, 'n', argv[2]) end -- it forgot, and nobody came since

if argv[1] == 'renew' then
  -- One that ran out just now, and that nobody else took, is still one's own.
  local owner = call('GET', lease) or argv[4]
  call('SET', lease, owner, 'PX', argv[3])
  return 1
end
if argv[1] == 'release' then
  call('DEL', lease)
  return 1
end

call('SET', state, argv[4])
if argv[5] ~= '0' then call('EXPIREAT', state, argv[5]) end
call('SADD', ids, argv[6])
if argv[7] == '1' then call('DEL', lease) end
local version = grow('v')
call('EXPIRE', fence, argv[3])
return version

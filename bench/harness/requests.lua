-- wrk -s requests.lua URL -- METHOD FILE AUTHORIZATION SEED THREADS
-- FILE has a request a line: a path and, after a tab, a body. Those without a body are drawn at random; those with one are
-- taken in order, each thread its share, because each changes something once.

local count = 0

function setup(thread)
    thread:set("number", count)
    count = count + 1
end

local requests, position, step, random = {}, 0, 1, false

function init(args)
    local method, file, authorization, seed, threads = args[1], args[2], args[3], tonumber(args[4]), tonumber(args[5])
    local common = " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port
        .. "\r\nAuthorization: " .. authorization
        .. "\r\nContent-Type: application/vnd.api+json\r\n"
    for line in io.lines(file) do
        local path, body = line:match("^([^\t]*)\t?(.*)$")
        if body ~= "" then
            requests[#requests + 1] = method .. " " .. path .. common .. "Content-Length: " .. #body .. "\r\n\r\n" .. body
        else
            requests[#requests + 1] = method .. " " .. path .. common .. "\r\n"
            random = true
        end
    end
    math.randomseed(seed * 1000 + number)
    position, step = number, threads
end

function request()
    if random then
        return requests[math.random(#requests)]
    end
    local chosen = requests[position % #requests + 1]
    position = position + step
    return chosen
end

function done(summary, latency, _)
    local e = summary.errors
    print(string.format("result %d %d %d %d %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99), e.connect, e.read, e.write, e.status, e.timeout))
end

# The rules of the lease object, for wms-keeper: reads a document, prints the one that follows, and writes what it says to the file `facts`.
#
# in:  now, boot, instance (may be empty), since (seconds since 1970: the boot, or the end of the setup), count (all | confirmed),
#      stop (1: set the state to stopping), beats (file with lines "id seconds")
# out: bad=1 if the document cannot be read, changed=1 if it must be written, state, live (a count)
#
# Values are percent-encoded and are copied as they are; unknown keys and records belong to newer programs and are kept.

function fail() { bad = 1 }
function is_whole(text) { return text ~ /^[0-9]+$/ }
function get(name,    i) {
    for (i = 2; i <= n; i++) if (index(field[i], name "=") == 1) return substr(field[i], length(name) + 2)
    return ""
}
function set(name, text,    i) {
    for (i = 2; i <= n; i++) if (index(field[i], name "=") == 1) break
    if (field[i] == name "=" text && i <= n) return
    if (i > n) n = i
    field[i] = name "=" text
    changed = 1
}
function join_fields(    i, line) {
    line = field[1]
    for (i = 2; i <= n; i++) line = line " " field[i]
    return line
}

BEGIN {
    clock = 120 # seconds that two clocks may differ
    silence = 300 # seconds after which a job without a heartbeat counts as dead
    begin = 600 # seconds that a job has for its first heartbeat
    renew = 60 # seconds between two copies of a heartbeat
    report = 300 # seconds after which the machine writes that it is there
    changed = bad = first = live = 0
    state = ""
    while ((getline line < beats) > 0) {
        split(line, part, " ")
        beat_of[part[1]] = part[2] + 0
    }
}

NR == 1 {
    if ($0 != "WMS-LEASE 1") { fail(); exit }
    print
    next
}

$1 == "machine" {
    n = split($0, field, " ")
    if (state != "") { fail(); exit }
    state = get("state")
    if (state != "open" && state != "stopping") { fail(); exit }
    first = get("boot") != boot
    if (first) set("boot", boot)
    # The stop that was asked for was that of an earlier boot.
    turn = stop ? "stopping" : first && state == "stopping" ? "open" : ""
    if (turn != "" && turn != state) {
        state = turn
        set("state", state)
        set("since", now)
        set("by", stop ? "machine" : "-")
    }
    if (instance != "") set("instance", instance)
    if (!is_whole(get("seen")) || get("seen") + report <= now || get("seen") > now + clock) changed = 1
    # Completed last: `seen` depends on whether a record that follows changes.
    machine_line = NR
    machine = join_fields()
    next
}

$1 == "lease" {
    n = split($0, field, " ")
    id = get("id")
    deadline = get("deadline")
    taken = get("taken")
    holder = get("boot")
    beat = get("heartbeat")
    if (id == "" || holder == "" || !is_whole(deadline) || !is_whole(taken) || (beat != "" && !is_whole(beat)) || state == "") {
        fail()
        exit
    }
    if (holder != "-" && holder != boot) { changed = 1; next } # a lease of an earlier boot
    expired = now > deadline + clock
    if (first && expired) { changed = 1; next }
    beat += 0
    known = beat
    if (id in beat_of && beat_of[id] > beat) beat = beat_of[id]
    if (beat >= known + renew) set("heartbeat", beat)
    # In a machine that stops, nothing is confirmed.
    if (holder == "-" && !expired && state == "open") {
        set("boot", boot)
        set("confirmed", 1)
        holder = count == "all" ? boot : holder
    }
    start = taken + 0 > since ? taken + 0 : since
    works = get("job") != "1" || (beat == 0 ? now <= start + begin : now <= beat + silence)
    counts = count == "all" && state == "open" ? 1 : holder == boot
    if (!expired && works && counts) live++
    lines[NR] = join_fields()
    next
}

{ lines[NR] = $0 }

END {
    if (state == "") fail()
    if (!bad) {
        n = split(machine, field, " ")
        if (changed) set("seen", now)
        lines[machine_line] = join_fields()
        for (i = 2; i <= NR; i++) if (i in lines) print lines[i]
    }
    printf "bad=%d changed=%d state=%s live=%d\n", bad, changed, bad ? "open" : state, live > facts
    close(facts)
}

# The rules of the lease object, for wms-keeper: reads a document, prints the one that follows, and writes what it says to the file `facts`.
# They are those of LeaseRules.Keep in the module; a test compares the two.
#
# in:  now, boot, up (seconds since the boot), since (seconds since 1970: the boot, or the end of the setup), setup (seconds since the
#      setup began; empty when none runs), instance (may be empty), absent (1: there is no such object, so this must be written),
#      beats (file with lines "id seconds"), limit (a lease with a later deadline is not confirmed; empty: none), outside (the instance
#      whose schedule the keeper moves; empty: none)
# out: bad=1 if the document cannot be read, changed=1 if it must be written, live (a count), latest (the last deadline of these), does:
#      live, setup, grace  what keeps the machine on
#      wait                it was stopped in an earlier boot, and a call of StopInstances may still arrive
#      off                 somebody stopped it: power off
#      stop                nothing keeps it on: power off when the document is written
#
# Values are percent-encoded and are copied as they are; unknown keys and records belong to newer programs and are kept.

function kind(text) { return index(text, " ") ? substr(text, 1, index(text, " ") - 1) : text }
function cut(text,    i, count, part) {
    count = split(text, part, /[ ]/)
    n = 0
    for (i = 1; i <= count; i++) if (part[i] != "") field[++n] = part[i]
}
function get(name, missing,    i) {
    for (i = 2; i <= n; i++) if (index(field[i], name "=") == 1) return substr(field[i], length(name) + 2)
    return missing
}
function number(name,    text) {
    text = get(name, "-")
    if (text == "-") return 0
    if (text !~ /^[0-9]+$/ || length(text) > 15) bad = 1 # more digits are not exact here
    return text + 0
}
function set(name, text,    i) {
    for (i = 2; i <= n; i++) if (index(field[i], name "=") == 1) break
    if (i <= n && field[i] == name "=" text) return
    if (i > n) n = i
    field[i] = name "=" text
    changed = 1
}
function join_fields(    i, text) {
    text = field[1]
    for (i = 2; i <= n; i++) text = text " " field[i]
    return text
}

# The machine's record. Sets what follows from it alone.
function read_machine(    state, call) {
    cut(line[at])
    state = get("state", "open")
    if (state != "open" && state != "stopping") bad = 1
    rev = number("rev")
    call = number("stopcall")
    number("since")
    number("seen")
    first = get("boot", "-") != boot
    waits = opens = 0
    stopping = state == "stopping"
    if (stopping && first) {
        # The stop was that of an earlier boot. Nobody opens while a call of StopInstances may be under way.
        if (call != 0 && now < call + settle) waits = 1
        else opens = 1
    }
    if (opens) stopping = 0
}

# The lease in line r: removed, or confirmed with its heartbeat; in a machine that stops it stays as it is. Counts it if it is live.
function read_lease(r,    id, job, taken, deadline, written, beat, holder, confirmed, known, last, start) {
    cut(line[r])
    id = get("id", "-")
    if (id == "-" || id == "" || id in seen) bad = 1
    seen[id] = 1
    taken = number("taken")
    deadline = number("deadline")
    written = beat = number("heartbeat")
    job = number("job")
    confirmed = number("confirmed")
    holder = get("boot", "-")
    if (holder == "") holder = "-"
    if (bad || waits) return
    if (holder != "-" && holder != boot) { # a lease of an earlier boot
        if (!stopping) removed[r] = changed = 1
        return
    }
    # One from before the job was taken is of an earlier job with this id.
    if (id in beat_of && beat_of[id] + 0 > beat && beat_of[id] + 0 >= taken - clock) beat = beat_of[id] + 0
    if (!stopping) {
        if (beat >= written + renew) set("heartbeat", beat_of[id])
        if (confirmed || limit == "" || deadline <= limit + 0) {
            set("boot", boot)
            if (!confirmed) set("confirmed", 1)
        }
        line[r] = join_fields()
    }
    if (now > deadline + clock) return
    if (job) {
        # The larger of what the clients count with, what a job has after a start that took longer, and a heartbeat not yet copied.
        known = !stopping && beat >= written + renew ? beat : written
        start = taken > since + 0 ? taken : since + 0
        last = known > 0 ? known + silence : taken + first_beat
        if (known == 0 && start + begin > last) last = start + begin
        if (beat > 0 && beat + silence > last) last = beat + silence
        if (now > last) return
    }
    live++
    if (deadline > latest) latest = deadline
}

function decide() {
    if (waits) return "wait"
    if (live) return "live"
    if (stopping) return "off"
    if (setup != "" && setup + 0 < setup_limit && setup + 0 > -clock) return "setup"
    if (up + 0 < boot_grace) return "grace"
    return "stop"
}

function write_machine() {
    cut(line[at])
    if (opens) {
        set("state", "open")
        set("since", now)
        set("by", "-")
        set("stopcall", "-")
    }
    if (!stopping && !waits) {
        set("boot", boot)
        if (instance != "") set("instance", instance)
        if (outside == "") outside = "-"
        if (get("outside", "-") != outside) set("outside", outside)
    }
    if (does == "stop") {
        set("state", "stopping")
        set("since", now)
        set("by", "machine")
    }
    if (changed) {
        set("rev", sprintf("%.0f", rev + 1))
        set("seen", now)
    }
    line[at] = join_fields()
}

BEGIN {
    clock = 120 # seconds that two clocks may differ
    silence = 300 # seconds after which a job without a heartbeat counts as dead
    first_beat = 3600 # seconds that a job has for its first heartbeat, from the taking of its lease
    begin = 600 # and from the boot or the end of the setup
    renew = 60 # seconds between two copies of a heartbeat
    boot_grace = 600 # seconds after a boot in which the machine stays on: the client's services start, leases are confirmed
    setup_limit = 2700 # seconds that the setup of a new machine counts as work
    settle = 480 # seconds after a call of StopInstances was announced in which it may arrive
    head = "WMS-LEASE 1"
    bad = at = lines = live = latest = 0
    changed = absent + 0
    while ((getline text < beats) > 0) {
        split(text, part, " ")
        beat_of[part[1]] = part[2]
    }
}

{ sub(/\r+$/, "") }

NR == 1 {
    if ($0 != head) bad = 1
    next
}

$0 != "" {
    line[++lines] = $0
    if (kind($0) != "machine") next
    if (at) bad = 1
    at = lines
}

END {
    if (!at) bad = 1
    if (!bad) read_machine()
    for (r = 1; r <= lines && !bad; r++) if (kind(line[r]) == "lease") read_lease(r)
    does = "-"
    if (!bad) {
        does = decide()
        write_machine()
        print head
        for (r = 1; r <= lines; r++) if (!(r in removed)) print line[r]
    }
    printf "bad=%d changed=%d live=%d latest=%.0f does=%s\n", bad, changed, live, latest, does > facts
    close(facts)
}

#!/usr/bin/env bash
# take.sh DIR BUILD [SCENES]: every screen of the real app with the demo content, light and dark, 1200 and 360 wide.
#
# A server, an X server with a compositor and a session bus of its own; the app is driven by its D-Bus actions
# and looked at until two pictures in a row are the same.
set -euo pipefail; [ -z "${TRACE:-}" ] || set -x
out=$(realpath -m "$1") build=$2 source=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out"
work=$(mktemp -d) ; chmod 755 "$work"
display=:$((90 + RANDOM % 900))
pids=()
finish() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$work"; }
trap finish EXIT

Xvfb "$display" -screen 0 1400x1000x24 -nolisten tcp >"$work/x.log" 2>&1 & pids+=($!)
export DISPLAY=$display GSK_RENDERER=cairo GDK_BACKEND=x11 NO_AT_BRIDGE=1 TIDELINE_NO_ANIMATIONS=1
export XDG_DATA_HOME=$work/data XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache XDG_STATE_HOME=$work/state
export LC_ALL=C.UTF-8 GSETTINGS_BACKEND=memory
until xdpyinfo >/dev/null 2>&1; do sleep 0.1; done
display -size 1400x1000 xc:'#e4e4e6' -window root >/dev/null 2>&1 & pids+=($!)
picom --backend xrender --config /dev/null --no-fading-openclose >"$work/picom.log" 2>&1 & pids+=($!)
eval "$(dbus-launch --sh-syntax)"; pids+=("$DBUS_SESSION_BUS_PID")
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME/gtk-4.0" "$work/run"; chmod 700 "$work/run"
printf '[Settings]\ngtk-font-name=Inter 11\ngtk-decoration-layout=:close\ngtk-cursor-blink=false\n' \
  >"$XDG_CONFIG_HOME/gtk-4.0/settings.ini"
XDG_RUNTIME_DIR=$work/run gnome-keyring-daemon --unlock --components=secrets <<<"" >"$work/keyring.log" 2>&1

start_server() { # PORT
  : >"$work/ready"
  TIDELINE_NEWS_ALLOW_PRIVATE_ADDRESSES=true "$build/server/tidelined" --standalone "$work/server" \
    --demo "$source/data/demo" --listen "127.0.0.1:$1" >"$work/ready" 2>>"$work/server.log" & server=$!; pids+=($server)
  until grep -q http "$work/ready"; do kill -0 $server || { cat "$work/server.log"; exit 1; }; sleep 0.1; done
}
start_server 0
url=$(grep -o 'http://[^ ]*' "$work/ready")
echo lantern-street >"$work/password"
# The feeds are fetched by jobs: wait for the last.
token=$(curl -s -d '{"login":"robin","password":"lantern-street","device":"screens"}' \
  -H 'Content-Type: application/json' "$url/auth/login" | sed 's/.*"accessToken":"\([^"]*\)".*/\1/')
account=$(curl -s -H "Authorization: Bearer $token" "$url/jmap/session" | grep -o '"accounts":{"t[0-9]*"' | grep -o 't[0-9]*"' | tr -d '"')
api() { # METHOD ARGUMENTS: the answer of one call
  curl -s -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$url/jmap/api" -d \
    '{"using":["urn:ietf:params:jmap:core","https://tideline.org/jmap/news","https://tideline.org/jmap/chat",
      "https://tideline.org/jmap/social","https://tideline.org/jmap/calendars"],
      "methodCalls":[["'"$1"'",{"accountId":"'"$account"'"'"${2:+,$2}"'},"0"]]}'
}
articles() { api Article/query '"limit":1,"calculateTotal":true' | sed -n 's/.*"total":\([0-9]*\).*/\1/p'; }
expected=$(grep -h '"ago"' "$source"/data/demo/feeds/*.json | wc -l)
until [ "$(articles)" = "$expected" ]; do sleep 0.2; done
article=$(api Article/query '"limit":1,"sort":[{"property":"publishedAt","isAscending":false}]' | grep -o '"ids":\["t[0-9]*' | grep -o '[0-9]*$')
api Article/query '"limit":5,"sort":[{"property":"publishedAt","isAscending":false}]' | grep -o '"t[0-9]*"' | grep -o '[0-9]*' >"$work/articles"
room=$(api Room/get '"ids":null' | python3 -c 'import json,sys
print(next(r["id"][1:] for r in json.load(sys.stdin)["methodResponses"][0][1]["list"] if r["name"] == "Boat crew"))')
# The post with the most answers, and who wrote it.
read -r post person < <(api Post/get '"ids":null' | python3 -c 'import collections,json,sys
posts = {p["id"]: p for p in json.load(sys.stdin)["methodResponses"][0][1]["list"]}
answers = collections.Counter(p["replyToId"] for p in posts.values() if p["replyToId"] in posts)
best = max(answers, key=lambda i: (answers[i], i))
print(best[1:], posts[best]["authorId"][1:])')
# The event with the most people.
event=$(api CalendarEvent/get '"ids":null' | python3 -c 'import json,sys
events = json.load(sys.stdin)["methodResponses"][0][1]["list"]
print(max(events, key=lambda e: (len(e.get("participants") or {}), e["id"]))["id"][1:])')

action() { # NAME [PARAMETER]
  gdbus call --session --dest org.tideline.Tideline --object-path /org/tideline/Tideline \
    --method org.gtk.Actions.Activate "$1" "[${2:-}]" '{}' >/dev/null
}
window() { # the largest: popovers are windows too
  local id; for id in $(xdotool search --onlyvisible --class tideline 2>/dev/null); do
    echo "$(xwininfo -id "$id" | awk '/Width:/{w=$2}/Height:/{print w * $2}') $id"
  done | sort -n | tail -1 | cut -d' ' -f2
}
settle() { # until two pictures in a row are the same
  local before="" now n=0
  while [ $n -lt 60 ]; do
    now=$(import -silent -window root -depth 8 rgba:- | md5sum)
    [ "$now" = "$before" ] && return
    before=$now; n=$((n + 1)); sleep 0.4
  done
}
shoot() { # NAME
  local id extents geometry x y w h
  settle
  id=$(window)
  read -r w h x y < <(xwininfo -id "$id" | awk '/Width:/{w=$2}/Height:/{h=$2}/Absolute upper-left X/{x=$4}/Absolute upper-left Y/{y=$4}END{print w,h,x,y}')
  extents=$(xprop -id "$id" _GTK_FRAME_EXTENTS | grep -o '[0-9, ]*$' || true)
  IFS=', ' read -r l r t b <<<"${extents:-0, 0, 0, 0}"
  import -silent -window root -crop "$((w - l - r))x$((h - t - b))+$((x + l))+$((y + t))" +repage "$out/$1.png"
}
resize() { # WIDTH HEIGHT of the visible part
  local id extents; id=$(window)
  extents=$(xprop -id "$id" _GTK_FRAME_EXTENTS | grep -o '[0-9, ]*$' || true)
  IFS=', ' read -r l r t b <<<"${extents:-0, 0, 0, 0}"
  xdotool windowsize "$id" $(($1 + l + r)) $(($2 + t + b)); xdotool windowmove "$id" 60 60
}

run_app() { # THEME
  ADW_DEBUG_COLOR_SCHEME=prefer-$1 TIDELINE_DEMO_PASSWORD_FILE=${2:-} "$build/app/tideline" \
    ${2:+--server "$url" --login robin} >"$work/app-$1.log" 2>&1 & app=$!; pids+=($app)
  until [ -n "$(window)" ]; do kill -0 $app; sleep 0.1; done
  [ -z "${2:-}" ] || until signed_in; do kill -0 $app; sleep 0.1; done
}
signed_in() { # the actions of a session are there
  gdbus call --session --dest org.tideline.Tideline --object-path /org/tideline/Tideline \
    --method org.gtk.Actions.Describe open-section 2>/dev/null | grep -q '((true'
}
stop_app() { action quit; wait "$app" || true; }

every_screen() {
  for theme in light dark; do
    rm -rf "$work/data/tideline" "$work/state"
    run_app $theme
    resize 1200 780; shoot "sign-in-$theme"
    resize 360 720; shoot "sign-in-narrow-$theme"
    stop_app
    run_app $theme "$work/password"
    for width in 1200 360; do
      suffix=$theme; height=780
      [ $width = 360 ] && { suffix=narrow-$theme; height=720; }
      resize $width $height
      action open-section "<'inbox'>"; shoot "inbox-$suffix"
      action open-section "<'news'>"; shoot "news-$suffix"
      action open-article "<int64 $article>"; shoot "reader-$suffix"
      action open-section "<'chat'>"; shoot "chat-$suffix"
      action open-room "<int64 $room>"; shoot "room-$suffix"
      action open-section "<'feed'>"; shoot "feed-$suffix"
      action open-post "<int64 $post>"; shoot "thread-$suffix"
      action open-person "<int64 $person>"; shoot "profile-$suffix"
      action open-section "<'feed'>"; action compose; shoot "compose-$suffix"; xdotool key Escape
      action open-section "<'calendar'>"
      for view in month week agenda; do action calendar-view "<'$view'>"; shoot "$view-$suffix"; done
      action open-event "<int64 $event>"; shoot "event-$suffix"; xdotool key Escape; settle
      action new-event; shoot "new-event-$suffix"; xdotool key Escape; settle
      action show-search "<'light'>"; shoot "search-$suffix"; xdotool key Escape
      action show-outbox; shoot "outbox-$suffix"; xdotool key Escape
      for page in notifications filters; do
        action preferences "<'$page'>"; shoot "preferences-$page-$suffix"; xdotool key Escape; settle
      done
    done
    resize 720 780; action open-section "<'news'>"; shoot "news-medium-$theme"
    # Without the server: what is written waits and says so.
    kill $server; wait $server || true
    resize 1200 780
    until grep -q "Sync stopped" "$work/app-$theme.log"; do sleep 0.1; done
    sleep 3.5 # the banner does not come for a short break
    for n in 2 3 4; do action open-article "<int64 $(sed -n ${n}p "$work/articles")>"; settle; done
    action open-room "<int64 $room>"; settle
    xdotool mousemove $((60 + 800)) $((60 + 750)) click 1 type --delay 1 "Here with the keys, and six life jackets"
    xdotool key Return; shoot "room-offline-$theme"
    action show-outbox; shoot "outbox-offline-$theme"; xdotool key Escape
    stop_app
    start_server "${url##*:}"
  done
}

# From right to left, and with large letters.
other_ways() {
  export TIDELINE_DIRECTION=rtl
  run_app light; resize 1200 780
  for section in inbox news feed chat calendar; do action open-section "<'$section'>"; shoot "$section-rtl"; done
  action open-room "<int64 $room>"; shoot "room-rtl"
  stop_app
  unset TIDELINE_DIRECTION
  sed -i 's/Inter 11/Inter 16/' "$XDG_CONFIG_HOME/gtk-4.0/settings.ini"
  run_app light; resize 360 720
  for section in inbox news feed calendar; do action open-section "<'$section'>"; shoot "$section-large"; done
  action open-room "<int64 $room>"; shoot "room-large"
  stop_app
}

# Another file of scenes, in these words, shows just what is being worked on.
if [ -n "${3:-}" ]; then . "$3"; else every_screen; other_ways; fi
echo "$(ls "$out" | wc -l) pictures in $out"

#!/usr/bin/python3
"""Every page of the app as assistive technology has it: whatever can have the focus says what it is, lists are read as
sentences, the focus goes through all of it by Tab and comes back."""
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
sys.dont_write_bytecode = True
from desktop import Desktop, Server, run_tests, until
from window import Atspi, Window

server = Server()
desk = Desktop()

# They take the focus only while nothing in them can; some are libadwaita's own. Lists of ours are asked for by name.
CONTAINERS = (Atspi.Role.SCROLL_PANE, Atspi.Role.PANEL, Atspi.Role.LIST)


def says_what_it_is(node):
    """By a name, or by its label (GTK's menu items)."""
    return bool(node.get_name()) or any(relation.get_relation_type() == Atspi.RelationType.LABELLED_BY
                                        for relation in node.get_relation_set())


def assert_all_named(page):
    """Nothing that is showing and focusable is without a name; returns what is."""
    found, nameless = [], []
    for node, states in window.walk():
        if not states.contains(Atspi.StateType.FOCUSABLE):
            continue
        line = node.get_role_name(), node.get_name()
        found.append(line)
        is_container = node.get_role() in CONTAINERS and node.get_child_count() > 0
        if not is_container and not says_what_it_is(node):
            around = [node.get_parent().get_child_at_index(i).get_name()
                      for i in range(node.get_parent().get_child_count())]
            nameless.append(f"{line[0]} in “{node.get_parent().get_name()}”, beside {around}")
    assert not nameless, f"{page} has controls without a name: {nameless}"
    assert len(found) > 3, f"{page} shows nothing: {found}"
    return found


def tab_stops():
    """What has the focus after each Tab until it is back where it was."""
    stops = [window.focused()]
    while len(stops) < 40:
        window.press("Tab")
        stop = until(window.focused, "a focus")
        if stop == stops[0]:
            return stops
        stops.append(stop)
    raise AssertionError(f"the focus does not come back: {stops}")


def sign_in_is_named():
    global window
    window = Window(desk)
    window.await_shown("Sign In", "heading")
    names = assert_all_named("the sign-in page")
    for name in ("Server", "Name or e-mail", "Password"):
        assert ("text", name) in names, names
    window.quit()
    desk.sign_in("http://" + server.address, "robin")
    window = Window(desk)


def the_inbox_is_read_in_sentences():
    window.await_shown("Unread, Inés Carrasco, Mentioned you in a room", "list item")
    names = assert_all_named("the inbox")
    assert ("list", "Sections") in names and ("list", "Inbox") in names, names
    until(lambda: window.focused()[0] == "list item", "the focus in the list")


def every_section_is_named_and_tab_goes_through_it():
    sidebar = window.await_shown("Sections", "list")
    rows = [sidebar.get_child_at_index(i) for i in range(sidebar.get_child_count())]
    sections = [row.get_name().split(",")[0] for row in rows if row.get_role() == Atspi.Role.LIST_ITEM]
    assert len(sections) >= 4, sections
    for section in sections:
        window.act("open-section", ("s", section.lower()))
        window.await_shown(section, "grouping")
        assert_all_named(section)
        stops = tab_stops()
        assert all(name or role == "scroll pane" for role, name in stops), f"{section}: {stops}"


def news_is_read_in_sentences():
    window.act("open-section", ("s", "news"))
    window.await_shown("Why the meadow came back, from Shoreline Notes", "list item")
    names = assert_all_named("the news")
    assert ("list", "Sections") in names and ("list", "Articles") in names, names
    assert any(role == "list item" and name.startswith("News, ") and name.endswith("unread") for role, name in names)


def the_article_is_named():
    window.act("open-first-article")
    window.await_shown("Light first", "heading")
    assert_all_named("the article")


def the_room_is_named_and_read_in_sentences():
    window.act("open-section", ("s", "chat"))
    window.press("Down", "Return")
    window.await_focus("text", "Message Boat crew")
    window.await_shown("can you steer? My wrist says no.", "list item")
    names = assert_all_named("the room")
    assert ("list", "Rooms") in names and ("list", "Messages") in names, names
    last = [name for role, name in names if role == "list item"][-1]
    assert last.startswith("Inés Carrasco, ") and last.endswith("can you steer? My wrist says no."), names


def tab_goes_through_the_room_and_comes_back():
    stops = tab_stops()
    assert all(name or role == "scroll pane" for role, name in stops), stops
    assert ("button", "New Room") in stops and ("toggle button", "Insert Emoji") in stops, stops


def search_is_named():
    window.press("ctrl+k")
    window.await_shown("Search", "entry")
    assert_all_named("the empty search")
    window.type("trailer")
    window.await_shown("The trailer has new lights", "list item")
    assert ("list", "Results") in assert_all_named("the search")
    window.dismiss("Search Everything You Have")


def dialogs_and_menus_are_named():
    window.act("show-outbox")
    window.await_shown("Sync Now", "button")
    assert_all_named("the outbox")
    window.dismiss("Sync Now")
    window.click("New Room")
    window.await_shown("Inés Carrasco", "check box")
    assert_all_named("the new room")
    window.dismiss("With one person")
    window.press("F10")
    window.await_shown("Main Menu", "menu")
    assert_all_named("the main menu")
    window.press("Escape")
    until(lambda: not window.find("Main Menu", "menu"), "the menu closed")
    window.act("sign-out")
    window.await_shown("Sign Out?")
    assert_all_named("the question")
    window.dismiss("Sign Out?")


run_tests("access", [
    sign_in_is_named,
    the_inbox_is_read_in_sentences,
    every_section_is_named_and_tab_goes_through_it,
    news_is_read_in_sentences,
    the_article_is_named,
    the_room_is_named_and_read_in_sentences,
    tab_goes_through_the_room_and_comes_back,
    search_is_named,
    dialogs_and_menus_are_named,
])
window.quit()
server.stop()

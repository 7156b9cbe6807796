from newsroom.static_files import AppFilesFinder


def test_the_editor_is_collected_without_what_nobody_asks_for() -> None:
    found = {path for path, _storage in AppFilesFinder().list([])}
    for needed in ("ckeditor.js", "lang/vi.js", "lang/en.js", "skins/moono-lisa/editor.css"):
        assert f"ckeditor/ckeditor/{needed}" in found
    assert "admin/css/base.css" in found
    of_others = {path for path in found if "/lang/" in path and path[-5:] not in ("vi.js", "en.js")}
    assert of_others == set()
    assert not any("/moono/" in path or "/samples/" in path for path in found)

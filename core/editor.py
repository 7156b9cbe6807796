"""The rich-text editor of the newsroom: CKEditor 4 through django-ckeditor, risky parts off.

Nothing but this module knows which editor it is. What the editor sends is cleaned at save
(``core.html``); the settings here only make what it shows the same as what is stored.
"""

from typing import Any

from ckeditor.widgets import CKEditorWidget
from django.templatetags.static import static
from django.utils.translation import gettext as _

# Parts of the bundle that upload, embed, style freely, call home or show other pages.
REMOVED = (
    "about,bidi,codesnippet,codesnippetgeshi,colorbutton,colordialog,copyformatting,div,docprops,"
    "editorplaceholder,exportpdf,flash,font,forms,iframe,image,justify,language,newpage,pagebreak,"
    "preview,print,save,scayt,showblocks,smiley,stylescombo,stylesheetparser,templates,"
    "uploadimage,wsc"
)
# The stored format (core.html), so that nothing is shown which is not kept.
ALLOWED = (
    "p h2 h3 strong em u s sub sup cite blockquote ul ol li hr br caption thead tbody tfoot tr"
    " table; blockquote(pull); aside(!info); a[!href]; td th[colspan,rowspan,scope];"
    " figure[!data-photo-id]; figcaption"
)
TOOLBAR = [
    ["Format", "Bold", "Italic", "RemoveFormat"],
    ["Link", "Unlink"],
    ["BulletedList", "NumberedList", "Blockquote", "NewsroomPull", "NewsroomInfo", "Table"],
    ["NewsroomPhoto", "NewsroomGallery", "NewsroomEmbed", "NewsroomRelated", "NewsroomLinks"],
    ["PasteFromWord", "SpecialChar", "Find"],
    ["Undo", "Redo", "Maximize"],
]


class EditorWidget(CKEditorWidget):
    """A textarea that becomes the editor; without script it stays a textarea with the HTML.

    ``allow_source`` adds the button that shows the HTML.
    """

    allow_source = False
    config: dict[str, Any]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs)

    @property
    def media(self) -> Any:
        """The package's files and the look of the editor's frame in our form."""
        return super().media + type(super().media)(css={"all": ["admin-newsroom/editor.css"]})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        plugin = static("admin-newsroom/ck/plugin.js")
        self.external_plugin_resources = [("newsroom", plugin, "")]
        return super().get_context(name, value, attrs)

    def _set_config(self) -> None:
        super()._set_config()  # language of the user, version check off
        toolbar = [*TOOLBAR, ["Source"]] if self.allow_source else TOOLBAR
        self.config = {
            "language": self.config["language"],
            "versionCheck": False,
            "skin": "moono-lisa",
            "customConfig": "",
            "stylesSet": False,
            "contentsCss": static("admin-newsroom/ck/contents.css"),
            "contentsLanguage": "vi",
            "title": _("Text of the article"),
            "toolbar": toolbar,
            "extraPlugins": "autogrow,widget,newsroom",
            "removePlugins": REMOVED if self.allow_source else f"{REMOVED},sourcearea",
            "allowedContent": ALLOWED,
            "disallowedContent": "*{*}; *[on*]; script style iframe object embed",
            "format_tags": "p;h2;h3",
            "entities": False,
            "entities_latin": False,
            "entities_greek": False,
            "disableNativeSpellChecker": False,
            "linkShowAdvancedTab": False,
            "linkShowTargetTab": False,
            "linkDefaultProtocol": "https://",
            "removeDialogTabs": "table:advanced",
            "width": "100%",
            "autoGrow_minHeight": 340,
            "autoGrow_maxHeight": 900,
            "autoGrow_onStartup": True,
            "newsroomIcons": {
                name: static(f"admin-newsroom/ck/{name}.svg")
                for name in ("photo", "gallery", "embed", "related", "links", "pull", "info")
            },
            "newsroomLabels": {
                "photo": _("Place the next photo here: [photo(n)]"),
                "gallery": _("Place photos together: [gallery()]"),
                "embed": _("Show a video of YouTube or Vimeo: [embed(address)]"),
                "related": _("Point to another article: [related(number)]"),
                "links": _("Place the related links here: [links()]"),
                "pull": _("Pull quote"),
                "info": _("Box of facts"),
                "figure": _("Photo"),
            },
            "newsroomQuestions": {
                "gallery": _("Which photos, such as 2-5? Empty: all without a place."),
                "embed": _("Address of the video"),
                "related": _("Number or address of the article"),
            },
        }

"""The one inline script of a reading page, known to its policy by hash."""

# Applies the reader's own text size and theme before first paint, so nothing flashes or moves.
# ``static/js/reading-comfort.js`` stores them; a browser without storage keeps the defaults.
INLINE_SCRIPT = (
    "var d=document.documentElement;d.classList.add('js');try{var s=localStorage;"
    "['size','theme','spacing'].forEach(function(k){var v=s.getItem(k);if(v)d.dataset[k]=v})}"
    "catch(e){}"
)

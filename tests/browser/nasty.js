// SPDX-License-Identifier: AGPL-3.0-or-later
// Strings that would run, if a page forgot once to escape them: where they
// could stand, what they would do there, and how they may be written.

const CALL = ["alert(1)", "alert`1`", "top.alert(1)", "self['al'+'ert'](1)"];

/** Elements that run by themselves; CALL goes where the dot is. */
const ELEMENTS = [
  "<script>·</script>", "<svg onload=·>", "<img src=x onerror=·>",
  "<body onload=·>", "<iframe srcdoc=<script>·</script>>",
  "<details open ontoggle=·>", "<video><source onerror=·>",
  "<input autofocus onfocus=·>", "<a href=javascript:·>x</a>",
  "<math><mtext><img src=x onerror=·>", "<svg><script>·</script>",
  "<marquee onstart=·>", "<object data=javascript:·>",
  "<meta http-equiv=refresh content=0;javascript:·>", "<base href=//x.test>",
  "<style>@import'//x.test'</style>", "<link rel=stylesheet href=//x.test>",
  "<form><button formaction=javascript:·>", "<template><img onerror=·>",
  "<svg><animate onbegin=· attributeName=x>",
];
/** What would end the place where the words stand. */
const ENDS = ["", "\">", "'>", "</title>", "</textarea>", "-->", "]]>",
  "</style>", "</bdi>", "</option></select>", "</svg>"];
/** Attributes to break into, and words that are code elsewhere. */
const BARE = [
  "\" autofocus onfocus=· x=\"", "' onmouseover=· x='", "` onload=· `",
  "\"-·-\"", "'-·-'", "\\\"-·//", "${·}", "{{·}}", "{{constructor}}", "<%=·%>",
  "#{·}", "javascript:·", "JaVaScRiPt:·", "java\tscript:·", "data:text/html,·",
  "vbscript:·", "</script><script>·</script>", "\u2028·//", "*/·/*", "\\u0022·",
  "&quot;onload=·", "&#34;·", "&lt;svg onload=·&gt;", "%3Csvg onload=·%3E",
  "\\x3csvg onload=·>", "+ADw-script+AD4-·", "＜svg onload=·＞", "ʺ onload=·",
  "<<svg onload=·//<", "<svg/onload=·//", "<svg\u000conload=·>", "<Svg OnLoad=·>",
  "<scr<script>ipt>·", "<\u0000svg onload=·>", "<!--><svg onload=·>",
  "<![CDATA[<svg onload=·>]]>", "<?xml ·?>", "=HYPERLINK(\"·\")", "@·", "__proto__",
  "constructor", "undefined", "null", "NaN", "-0", "0x0", "%s%n%d", "%00",
  "../../etc/passwd", "'; DROP TABLE run;--", "' OR 1=1--", "$(·)", "|·;",
  "\r\nSet-Cookie: x=·", "\u001b[31m·", "\u202egnol", "\uFFFE·",
];

/** Several hundred, each at most `max` letters. */
export function nasty(max) {
  const made = [];
  let turn = 0;
  const filled = (s) => s.replaceAll("·", CALL[turn++ % CALL.length]);
  for (const end of ENDS)
    for (const element of ELEMENTS) made.push(end + filled(element));
  for (const bare of BARE)
    for (const _ of CALL) made.push(filled(bare));
  return [...new Set(made)].filter((s) => [...s].length <= max);
}

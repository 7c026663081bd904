package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// labels are the operations as they are written beside arrows.
var labels = map[string]string{
	"planned failover":        "planned failover",
	"failover":                "failover",
	"enabling of protection":  "enable protection",
	"reprotection":            "reprotect",
	"disabling of protection": "disable protection",
}

// canvas is a picture in the making.
type canvas struct{ bytes.Buffer }

func (c *canvas) put(format string, values ...any) {
	_, _ = fmt.Fprintf(c, format+"\n", values...) // A buffer takes all.
}

// drawing returns the picture as SVG. Statuses and arrows come from the status tables; one that the layout has no place
// for is an error, and so is a place that nothing takes.
func drawing() ([]byte, error) {
	places, routes := layout()
	nodes, edges, err := states(places)
	if err != nil {
		return nil, err
	}
	if err := fits(nodes, edges, places, routes); err != nil {
		return nil, err
	}
	svg := &canvas{}
	svg.put(header, describe(edges))
	for _, e := range edges {
		r := routes[arrow{e.from, e.to}]
		class := [...]string{starts: "starts", succeeds: "succeeds", fails: "fails"}[e.step]
		svg.put(`<path class="%s" d="M%s" marker-end="url(#%s)"/>`, class, path(r.points), class)
	}
	for _, e := range edges {
		if e.step == starts {
			svg.label(routes[arrow{e.from, e.to}], labels[e.name])
		}
	}
	for _, n := range nodes {
		svg.node(n, places[n])
	}
	svg.legend()
	svg.put("</svg>")
	return svg.Bytes(), nil
}

// fits checks that the layout has what is drawn, and nothing else.
func fits(nodes []node, edges []edge, places map[node]box, routes map[arrow]route) error {
	if len(nodes) != len(places) {
		return fmt.Errorf("the picture has %d places for %d statuses", len(places), len(nodes))
	}
	if len(edges) != len(routes) {
		return fmt.Errorf("the picture has %d routes for %d arrows", len(routes), len(edges))
	}
	for _, e := range edges {
		r, ok := routes[arrow{e.from, e.to}]
		switch {
		case !ok:
			return fmt.Errorf("the picture has no route from %v to %v", e.from, e.to)
		case !places[e.from].touches(r.points[0]) || !places[e.to].touches(r.points[len(r.points)-1]):
			return fmt.Errorf("the arrow from %v to %v does not touch both", e.from, e.to)
		case e.step == starts && labels[e.name] == "":
			return fmt.Errorf("the picture has no label for a %s", e.name)
		case (e.step == starts) != (r.label != point{}):
			return fmt.Errorf("the arrow from %v to %v has a label too many, or lacks one", e.from, e.to)
		}
	}
	return nil
}

// describe says what the picture shows, for those who can't see it.
func describe(edges []edge) string {
	name := func(n node) string {
		if n.site == "" {
			return string(n.status)
		}
		if n.status == sdrs.StatusReversing || n.status == sdrs.StatusFailingOver {
			return string(n.status) + " towards " + string(n.site)
		}
		return string(n.status) + " at " + string(n.site)
	}
	var text strings.Builder
	for _, e := range edges {
		switch e.step {
		case starts:
			fmt.Fprintf(&text, "%s: %s leads to %s.\n", name(e.from), labels[e.name], name(e.to))
		case succeeds:
			fmt.Fprintf(&text, "%s succeeds: %s.\n", name(e.from), name(e.to))
		case fails:
			fmt.Fprintf(&text, "%s fails: %s.\n", name(e.from), name(e.to))
		}
	}
	return text.String()
}

func path(points []point) string {
	texts := make([]string, 0, len(points))
	for _, p := range points {
		texts = append(texts, fmt.Sprintf("%d,%d", p.x, p.y))
	}
	return strings.Join(texts, " L")
}

// label writes a label beside an arrow that points up or down in two lines where it has two words, along another one
// above and below it.
func (c *canvas) label(r route, text string) {
	anchor := "start"
	if r.ends {
		anchor = "end"
	}
	step := 15
	if r.points[0].y == r.points[len(r.points)-1].y {
		step = 22
	}
	for i, word := range strings.Fields(text) {
		c.put(`<text class="label" x="%d" y="%d" text-anchor="%s">%s</text>`, r.label.x, r.label.y+i*step, anchor, word)
	}
}

// node draws a status: a rectangle at rest, a pill while it moves, an octagon where it failed.
func (c *canvas) node(n node, b box) {
	left, top, right, bottom := b.x-b.w/2, b.y-b.h/2, b.x+b.w/2, b.y+b.h/2
	switch n.status.Phase() {
	case sdrs.Moving:
		c.put(`<rect class="moving" x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, left, top, b.w, b.h, b.h/2)
	case sdrs.Failed:
		const cut = 10
		c.put(`<path class="failed" d="M%s Z"/>`, path([]point{
			{left + cut, top},
			{right - cut, top},
			{right, top + cut},
			{right, bottom - cut},
			{right - cut, bottom},
			{left + cut, bottom},
			{left, bottom - cut},
			{left, top + cut},
		}))
	default:
		c.put(`<rect class="rest" x="%d" y="%d" width="%d" height="%d" rx="3"/>`, left, top, b.w, b.h)
	}
	if n.site != "" && between[n] == b {
		c.put(`<text class="status" x="%d" y="%d">%s</text>`, b.x, b.y-1, n.status)
		c.put(`<text class="small" x="%d" y="%d" text-anchor="middle">towards %s</text>`, b.x, b.y+14, n.site)
		return
	}
	c.put(`<text class="status" x="%d" y="%d">%s</text>`, b.x, b.y+5, n.status)
}

// legend explains shapes and arrows.
func (c *canvas) legend() {
	const y = 1050
	c.put(`<text class="small" x="30" y="960">When the group itself is created or deleted,</text>`)
	c.put(`<text class="small" x="30" y="976">no operation of the provider starts:</text>`)
	for i, shape := range []struct {
		status sdrs.Status
		text   string
	}{{sdrs.StatusProtected, "at rest"}, {sdrs.StatusReversing, "moving: a job runs"}, {sdrs.StatusErrorReversing, "failed: a job failed"}} {
		x := 110 + 190*i
		c.node(node{status: shape.status}, box{x, y, 150, small})
		c.put(`<text class="small" x="%d" y="%d" text-anchor="middle">%s</text>`, x, y+35, shape.text)
	}
	for i, line := range []struct{ class, text string }{
		{"starts", "an operation that you ask for"}, {"succeeds", "its job succeeds"}, {"fails", "its job fails"},
	} {
		at := y - 22 + 25*i
		c.put(`<path class="%s" d="M620,%d L700,%d" marker-end="url(#%s)"/>`, line.class, at, at, line.class)
		c.put(`<text class="small" x="716" y="%d">%s</text>`, at+4, line.text)
	}
}

const header = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 35 1120 1065" width="1120" height="1065" role="img" aria-labelledby="title desc">
<title id="title">The statuses of a protection group at its two sites, and the operations between them</title>
<desc id="desc">%s</desc>
<style>
text { font-family: "Segoe UI", Helvetica, Arial, "DejaVu Sans", sans-serif; fill: #1f2328; }
.status { font-size: 14px; font-weight: 600; text-anchor: middle; }
.site { font-size: 18px; font-weight: 600; text-anchor: middle; }
.label { font-size: 13px; fill: #0a4a8f; stroke: #fff; stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
.small { font-size: 13px; }
.panel { fill: #f6f8fa; stroke: #d0d7de; }
.rest { fill: #dafbe1; stroke: #116329; stroke-width: 3; }
.moving { fill: #ddf4ff; stroke: #0a4a8f; stroke-width: 2; stroke-dasharray: 7 4; }
.failed { fill: #ffebe9; stroke: #a40e26; stroke-width: 3; }
path.starts, path.succeeds, path.fails { fill: none; stroke-width: 2; stroke-linejoin: round; }
path.starts { stroke: #0a4a8f; stroke-width: 2.5; }
path.succeeds { stroke: #656d76; }
path.fails { stroke: #a40e26; stroke-dasharray: 4 3; }
</style>
<defs>
<marker id="starts" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse" markerWidth="13" markerHeight="13" orient="auto"><path d="M0,0 L10,5 L0,10 Z" fill="#0a4a8f"/></marker>
<marker id="succeeds" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="12" orient="auto"><path d="M0,0 L10,5 L0,10 Z" fill="#656d76"/></marker>
<marker id="fails" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="12" orient="auto"><path d="M0,0 L10,5 L0,10 Z" fill="#a40e26"/></marker>
</defs>
<rect x="1" y="36" width="1118" height="1063" rx="10" fill="#fff" stroke="#d0d7de"/>
<rect class="panel" x="15" y="50" width="370" height="855" rx="8"/>
<rect class="panel" x="735" y="50" width="370" height="855" rx="8"/>
<text class="site" x="200" y="86">production runs at source</text>
<text class="site" x="560" y="86">on the way</text>
<text class="site" x="920" y="86">production runs at target</text>`

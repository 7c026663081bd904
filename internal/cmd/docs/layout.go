package main

import (
	"maps"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// width is that of the picture. What belongs to a site is laid out for source, at the left, and mirrored for target.
const width = 1120

type point struct{ x, y int }

// box is a node's place: its middle, and its size.
type box struct{ x, y, w, h int }

// touches reports whether a point is on the border of a box.
func (b box) touches(p point) bool {
	dx, dy := abs(p.x-b.x)*2, abs(p.y-b.y)*2
	return dx == b.w && dy <= b.h || dy == b.h && dx <= b.w
}

func abs(n int) int { return max(n, -n) }

// route is the way of an arrow, and where its label begins; ends where it is right of there.
type route struct {
	points []point
	label  point
	ends   bool
}

// arrow is what a route is for.
type arrow struct{ from, to node }

const small, tall = 40, 200

// atSource are the places of the statuses at source.
var atSource = map[sdrs.Status]box{
	sdrs.StatusAvailable:         {200, 130, 340, 44},
	sdrs.StatusStarting:          {105, 235, 150, small},
	sdrs.StatusErrorStarting:     {105, 320, 150, small},
	sdrs.StatusErrorStopping:     {295, 235, 150, small},
	sdrs.StatusStopping:          {295, 320, 150, small},
	sdrs.StatusProtected:         {200, 485, 340, tall},
	sdrs.StatusErrorReprotecting: {105, 675, 150, small},
	sdrs.StatusReprotecting:      {105, 760, 150, small},
	sdrs.StatusFailedOver:        {200, 867, 340, 44},
}

// between are the places of the statuses that are not at one site, or of which the site does not matter here.
var between = map[node]box{
	{sdrs.StatusReversing, sdrs.Target}:   {560, 405, 150, small},
	{sdrs.StatusErrorReversing, ""}:       {560, 485, 150, small},
	{sdrs.StatusReversing, sdrs.Source}:   {560, 565, 150, small},
	{sdrs.StatusFailingOver, sdrs.Target}: {560, 660, 150, small},
	{sdrs.StatusErrorFailingOver, ""}:     {560, 740, 150, small},
	{sdrs.StatusFailingOver, sdrs.Source}: {560, 820, 150, small},
	{sdrs.StatusCreating, ""}:             {470, 965, 140, small},
	{sdrs.StatusError, ""}:                {640, 965, 140, small},
	{sdrs.StatusDeleting, ""}:             {810, 965, 140, small},
	{sdrs.StatusErrorDeleting, ""}:        {980, 965, 140, small},
}

// routesAtSource are the ways between statuses at source.
var routesAtSource = map[[2]sdrs.Status]route{
	{sdrs.StatusAvailable, sdrs.StatusStarting}:     {points: []point{{100, 152}, {100, 215}}, label: point{108, 178}},
	{sdrs.StatusErrorStarting, sdrs.StatusStarting}: {points: []point{{80, 300}, {80, 255}}, label: point{88, 274}},
	{sdrs.StatusStarting, sdrs.StatusErrorStarting}: {points: []point{{55, 255}, {55, 300}}},
	{sdrs.StatusStarting, sdrs.StatusProtected}:     {points: []point{{180, 235}, {192, 235}, {192, 385}}},

	{sdrs.StatusProtected, sdrs.StatusStopping}:     {points: []point{{300, 385}, {300, 340}}, label: point{308, 360}},
	{sdrs.StatusErrorStopping, sdrs.StatusStopping}: {points: []point{{280, 255}, {280, 300}}, label: point{288, 274}},
	{sdrs.StatusStopping, sdrs.StatusErrorStopping}: {points: []point{{255, 300}, {255, 255}}},
	{sdrs.StatusStopping, sdrs.StatusAvailable}:     {points: []point{{220, 320}, {208, 320}, {208, 152}}},

	{sdrs.StatusFailedOver, sdrs.StatusReprotecting}:        {points: []point{{100, 845}, {100, 780}}, label: point{108, 817}},
	{sdrs.StatusErrorReprotecting, sdrs.StatusReprotecting}: {points: []point{{80, 695}, {80, 740}}, label: point{88, 721}},
	{sdrs.StatusReprotecting, sdrs.StatusErrorReprotecting}: {points: []point{{55, 740}, {55, 695}}},
	{sdrs.StatusReprotecting, sdrs.StatusProtected}:         {points: []point{{180, 760}, {192, 760}, {192, 585}}},
}

// routesBetween are the ways from site to site.
var routesBetween = map[arrow]route{
	{node{sdrs.StatusProtected, sdrs.Source}, node{sdrs.StatusReversing, sdrs.Target}}: {
		points: []point{{370, 405}, {485, 405}}, label: point{398, 399},
	},
	{node{sdrs.StatusErrorReversing, ""}, node{sdrs.StatusReversing, sdrs.Target}}: {
		points: []point{{540, 465}, {540, 425}}, label: point{548, 441},
	},
	{node{sdrs.StatusReversing, sdrs.Target}, node{sdrs.StatusErrorReversing, ""}}: {points: []point{{505, 425}, {505, 465}}},
	{node{sdrs.StatusReversing, sdrs.Target}, node{sdrs.StatusProtected, sdrs.Target}}: {
		points: []point{{635, 405}, {750, 405}},
	},

	{node{sdrs.StatusProtected, sdrs.Target}, node{sdrs.StatusReversing, sdrs.Source}}: {
		points: []point{{750, 565}, {635, 565}}, label: point{742, 559}, ends: true,
	},
	{node{sdrs.StatusErrorReversing, ""}, node{sdrs.StatusReversing, sdrs.Source}}: {
		points: []point{{540, 505}, {540, 545}}, label: point{548, 521},
	},
	{node{sdrs.StatusReversing, sdrs.Source}, node{sdrs.StatusErrorReversing, ""}}: {points: []point{{505, 545}, {505, 505}}},
	{node{sdrs.StatusReversing, sdrs.Source}, node{sdrs.StatusProtected, sdrs.Source}}: {
		points: []point{{485, 565}, {370, 565}},
	},

	{node{sdrs.StatusProtected, sdrs.Source}, node{sdrs.StatusFailingOver, sdrs.Target}}: {
		points: []point{{340, 585}, {340, 668}, {485, 668}}, label: point{348, 662},
	},
	{node{sdrs.StatusErrorFailingOver, ""}, node{sdrs.StatusFailingOver, sdrs.Target}}: {
		points: []point{{540, 720}, {540, 680}}, label: point{548, 704},
	},
	{node{sdrs.StatusErrorReversing, ""}, node{sdrs.StatusFailingOver, sdrs.Target}}: {
		points: []point{{485, 485}, {450, 485}, {450, 652}, {485, 652}}, label: point{456, 622},
	},
	{node{sdrs.StatusFailingOver, sdrs.Target}, node{sdrs.StatusErrorFailingOver, ""}}: {points: []point{{505, 680}, {505, 720}}},
	{node{sdrs.StatusFailingOver, sdrs.Target}, node{sdrs.StatusFailedOver, sdrs.Target}}: {
		points: []point{{635, 660}, {762, 660}, {762, 845}},
	},

	{node{sdrs.StatusProtected, sdrs.Target}, node{sdrs.StatusFailingOver, sdrs.Source}}: {
		points: []point{{780, 585}, {780, 828}, {635, 828}}, label: point{740, 822}, ends: true,
	},
	{node{sdrs.StatusErrorFailingOver, ""}, node{sdrs.StatusFailingOver, sdrs.Source}}: {
		points: []point{{540, 760}, {540, 800}}, label: point{548, 784},
	},
	{node{sdrs.StatusErrorReversing, ""}, node{sdrs.StatusFailingOver, sdrs.Source}}: {
		points: []point{{635, 485}, {670, 485}, {670, 812}, {635, 812}}, label: point{664, 622}, ends: true,
	},
	{node{sdrs.StatusFailingOver, sdrs.Source}, node{sdrs.StatusErrorFailingOver, ""}}: {points: []point{{505, 800}, {505, 760}}},
	{node{sdrs.StatusFailingOver, sdrs.Source}, node{sdrs.StatusFailedOver, sdrs.Source}}: {
		points: []point{{485, 820}, {355, 820}, {355, 845}},
	},
}

func (p point) mirrored() point { return point{width - p.x, p.y} }

// layout returns all places and routes.
func layout() (map[node]box, map[arrow]route) {
	places, routes := maps.Clone(between), maps.Clone(routesBetween)
	for status, b := range atSource {
		places[node{status, sdrs.Source}] = b
		b.x = width - b.x
		places[node{status, sdrs.Target}] = b
	}
	for pair, r := range routesAtSource {
		routes[arrow{node{pair[0], sdrs.Source}, node{pair[1], sdrs.Source}}] = r
		mirror := route{ends: !r.ends}
		if r.label != (point{}) {
			mirror.label = r.label.mirrored()
		}
		for _, p := range r.points {
			mirror.points = append(mirror.points, p.mirrored())
		}
		routes[arrow{node{pair[0], sdrs.Target}, node{pair[1], sdrs.Target}}] = mirror
	}
	return places, routes
}

package main

import (
	"io"
	"math"
	"strings"
	"text/template"
)

const (
	columns, rows = 112, 30   // Of the terminal in the picture.
	width, height = 8.43, 19. // Of a character, in the units of the picture.
)

// picture is a terminal in which the story scrolls up, in the colours of the reader's system. Who does not want to see
// things move sees the end. One animation moves all lines, so the file is hardly larger than the text.
var picture = template.Must(template.New("").Parse(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` +
	`{{.Width}} {{.Height}}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" ` +
	`font-size="14">
<title>make demo</title>
<style>
text{white-space:pre;fill:#1f2328}.frame{fill:#f6f8fa;stroke:#d1d9e0}.h{font-weight:bold;fill:#0969da}
.c{fill:#8250df}.w{fill:#9a6700}.g{fill:#1a7f37}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.frame{fill:#151b23;stroke:#3d444d}.h{fill:#4493f8}
.c{fill:#ab7df8}.w{fill:#d29922}.g{fill:#3fb950}}
#all{transform:translateY({{.End}}px)}
@media(prefers-reduced-motion:no-preference){#all{animation:s {{.Seconds}}s step-end infinite}}
@keyframes s{ {{- range .Frames}}{{.At}}%{transform:translateY({{.Y}}px)}{{end -}} }
</style>
<rect class="frame" x=".5" y=".5" width="{{.InnerWidth}}" height="{{.InnerHeight}}" rx="8"/>
<clipPath id="screen"><rect y="8" width="{{.Width}}" height="{{.ScreenHeight}}"/></clipPath>
<g clip-path="url(#screen)"><g id="all">
{{range .Lines}}<text x="12" y="{{.Y}}"{{with .Class}} class="{{.}}"{{end}}>{{.Text | html}}</text>
{{end}}</g></g>
</svg>
`))

type (
	frame struct{ At, Y float64 }
	line  struct {
		Text, Class string
		Y           float64
	}
)

// writeSVG writes the picture of what the demo has printed.
func writeSVG(out io.Writer, story string) error {
	var lines []line
	var starts []float64 // When each line is there, in seconds.
	seconds := 0.
	for text := range strings.Lines(story) {
		text = strings.TrimSuffix(text, "\n")
		class, pause := classOf(text)
		for first := true; first || text != ""; first = false { // A terminal wraps anywhere.
			part := []rune(text)
			part = part[:min(len(part), columns)]
			text = string([]rune(text)[len(part):])
			lines = append(lines, line{string(part), class, float64(len(lines)+1) * height})
			starts = append(starts, seconds)
		}
		seconds += pause
	}
	seconds += 8 // To read the table.
	down := func(shown int) float64 { return float64(max(rows-shown, rows-len(lines))) * height }
	var frames []frame
	for n, start := range starts {
		y := min(0, down(n+1)) // The first screen is there at once.
		if n == 0 || (n+1 == len(starts) || starts[n+1] > start) && y < frames[len(frames)-1].Y {
			frames = append(frames, frame{math.Round(10_000*start/seconds) / 100, y})
		}
	}
	screen := rows * height
	return picture.Execute(out, map[string]any{
		"Width": columns*width + 24, "InnerWidth": columns*width + 23, "Height": screen + 24, "InnerHeight": screen + 23,
		"ScreenHeight": screen, "Lines": lines, "Frames": frames, "Seconds": math.Round(seconds), "End": down(len(lines)),
	})
}

// classOf returns how a line is coloured, and how long it is looked at before the next one.
func classOf(text string) (class string, pause float64) {
	trimmed := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(trimmed, "==="):
		return "h", 0.6
	case strings.HasPrefix(trimmed, "$ "), strings.HasPrefix(trimmed, "(in the console"):
		return "c", 0.4
	case strings.HasPrefix(trimmed, "Warning: "):
		return "w", 0.5
	case strings.HasPrefix(trimmed, "Apply complete!"), strings.HasPrefix(trimmed, "No changes."):
		return "g", 0.3
	case trimmed == "", strings.Contains(text, "   "): // The table comes as a whole.
		return "", 0
	default:
		return "", 0.5
	}
}

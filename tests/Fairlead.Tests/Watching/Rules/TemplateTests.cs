using Fairlead.Engine.Watching.Rules.Templates;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Watching.Rules;

/// <summary>Texts of alerts, in the language that Go's templates have.</summary>
public sealed class TemplateTests
{
    private static readonly TemplateView View = new(
        Labels.Of([new("instance", "db-1:9100"), new("job", "db")]),
        0.25,
        Labels.Of([new("region", "north")]),
        "https://metrics.example/p"
    );

    private static readonly Dictionary<string, IReadOnlyList<QueryElement>> Answers = new(StringComparer.Ordinal)
    {
        ["disks"] = [new(Labels.Of([new("disk", "d10")]), 10), new(Labels.Of([new("disk", "d9")]), 9)],
        ["none"] = [],
    };

    [Theory]
    [InlineData("plain, with one } and {", "plain, with one } and {")]
    [InlineData("{{ $labels.instance }} of {{ .Labels.job }}", "db-1:9100 of db")]
    [InlineData("[{{ $labels.nothing }}]", "[]")]
    [InlineData("{{ $value }} is {{ .Value }}", "0.25 is 0.25")]
    [InlineData(
        "{{ $externalLabels.region }} {{ externalURL }} {{ pathPrefix }}",
        "north https://metrics.example/p /p"
    )]
    [InlineData("a  {{- \"b\" -}}  c", "abc")]
    [InlineData("a{{/* says nothing */}}b", "ab")]
    [InlineData("{{ if gt $value 0.5 }}much{{ else if gt $value 0.1 }}some{{ else }}little{{ end }}", "some")]
    [InlineData(
        "{{ if and true \"\" }}x{{ else }}y{{ end }}{{ if or false \"z\" }}z{{ end }}{{ if not true }}!{{ end }}",
        "yz"
    )]
    [InlineData("{{ if eq $labels.job \"web\" \"db\" }}known{{ end }}", "known")]
    [InlineData(
        "{{ with $x := \"in\" }}{{ $x }}{{ . }}{{ end }}{{ with \"\" }}no{{ else }}empty{{ end }}",
        "ininempty"
    )]
    [InlineData("{{ $n := 1 }}{{ if true }}{{ $n = 2 }}{{ $m := 3 }}{{ end }}{{ $n }}", "2")]
    [InlineData("{{ range query \"disks\" }}{{ .Labels.disk }}={{ .Value }} {{ end }}", "d10=10 d9=9 ")]
    [InlineData(
        "{{ range $i, $e := query \"disks\" | sortByLabel \"disk\" }}{{ $i }}{{ $e.Labels.disk }} {{ end }}",
        "0d9 1d10 "
    )]
    [InlineData("{{ range query \"none\" }}x{{ else }}nothing{{ end }}", "nothing")]
    [InlineData("{{ query \"disks\" | first | value }} {{ (query \"disks\" | first).Labels.disk }}", "10 d10")]
    [InlineData("{{ query \"disks\" | first | label \"disk\" | toUpper }}", "D10")]
    [InlineData("{{ index (query \"disks\") 1 | value }} {{ len (query \"disks\") }}", "9 2")]
    [InlineData(
        "{{ printf \"%.1f%% %5d|%-4s|%03d|%q|%v|%x\" 12.34 7 \"ab\" 5 \"q\" 1.5 255 }}",
        "12.3%     7|ab  |005|\"q\"|1.5|ff"
    )]
    [InlineData("{{ print 1 2 }}", "1 2")]
    [InlineData("{{ $labels.instance | stripPort }} {{ stripDomain \"a.b.c:80\" }}", "db-1 a:80")]
    [InlineData("{{ reReplaceAll \"([a-z]+)-(\\\\d)\" \"$2/${1}\" $labels.instance }}", "1/db:9100")]
    [InlineData("{{ match \"b-[0-9]\" $labels.instance }} {{ match \"^b\" \"ab\" }}", "true false")]
    [InlineData("{{ title \"two words\" }} {{ toLower \"ABC\" }}", "Two Words abc")]
    public void Is_filled_in(string template, string text) =>
        Assert.Equal(text, Template.Read(template).Expand(View, Answers));

    [Theory]
    [InlineData("humanize 0.0", "0")]
    [InlineData("humanize 1234.0", "1.234k")]
    [InlineData("humanize 0.00042", "420u")]
    [InlineData("humanize -2500000.0", "-2.5M")]
    [InlineData("humanize1024 1536.0", "1.5ki")]
    [InlineData("humanize1024 0.5", "0.5")]
    [InlineData("humanizeDuration 0.0", "0s")]
    [InlineData("humanizeDuration 0.25", "250ms")]
    [InlineData("humanizeDuration 59.5", "59.5s")]
    [InlineData("humanizeDuration 3661.0", "1h 1m 1s")]
    [InlineData("humanizeDuration -90061.0", "-1d 1h 1m 1s")]
    [InlineData("humanizePercentage 0.99999", "100%")]
    [InlineData("humanizePercentage $value", "25%")]
    [InlineData("humanizeTimestamp 86400.5", "1970-01-02 00:00:00.5 +0000 UTC")]
    [InlineData("humanize \"1500\"", "1.5k")]
    public void Numbers_are_written_for_people(string call, string text) =>
        Assert.Equal(text, Template.Read($"{{{{ {call} }}}}").Expand(View, Answers));

    [Theory]
    [InlineData("{{ nope 1 }}", "function \"nope\" not defined")]
    [InlineData("{{ $value ", "unclosed action")]
    [InlineData("{{ if true }}x", "{{if}} has no {{end}}")]
    [InlineData("x{{ end }}", "unexpected {{end}}")]
    [InlineData("{{ }}", "missing value")]
    [InlineData("{{ (len \"a\" }}", "unclosed left paren")]
    [InlineData("{{ template \"other\" }}", "template is not possible in a rule")]
    [InlineData("{{ \"\\q\" }}", "bad escape sequence")]
    public void Is_refused_when_it_cannot_be_read(string template, string why) =>
        Assert.Contains(
            why,
            Assert.Throws<TemplateException>(() => Template.Read(template)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("{{ query \"none\" | first }}", "no elements")]
    [InlineData("{{ humanize \"many\" }}", "can't convert many to float64")]
    [InlineData("{{ $other }}", "undefined variable \"$other\"")]
    [InlineData("{{ .Nothing }}", "can't evaluate field Nothing")]
    [InlineData("{{ lt 1 \"a\" }}", "incompatible types")]
    [InlineData("{{ index (query \"disks\") 7 }}", "out of range")]
    [InlineData("{{ $labels.job 1 }}", "can't give argument to non-function")]
    public void Says_what_goes_wrong_while_it_is_filled_in(string template, string why) =>
        Assert.Contains(
            why,
            Assert.Throws<TemplateException>(() => Template.Read(template).Expand(View, Answers)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_deep_or_endless_template_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{{ if true }}", 1000));
        Assert.Throws<TemplateException>(() => Template.Read(deep));
        Assert.Throws<TemplateException>(() => Template.Read($"{{{{ {new string('(', 1000)} }}}}"));
        Assert.Throws<TemplateException>(() => Template.Read(new string('x', 100_000)));
    }
}

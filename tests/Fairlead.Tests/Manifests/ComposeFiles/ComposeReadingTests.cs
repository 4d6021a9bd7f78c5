using System.Globalization;
using System.Text;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;

namespace Fairlead.Tests.Manifests.ComposeFiles;

public sealed class ComposeReadingTests
{
    [Fact]
    public void Files_are_laid_over_each_other_by_what_each_key_means()
    {
        var file = ComposeSample.Load(
            (
                "a.yaml",
                "services: {s: {image: a, command: [x], expose: [1, 2], ports: ['80:80'], volumes: ['v:/v', 'w:/w'], environment: [A=1, B=2], logging: {driver: a, options: {x: 1}}}}"
            ),
            (
                "b.yaml",
                "services: {s: {image: b, command: [y, z], expose: [2, 3], ports: ['81:80', '80:80'], volumes: ['u:/v'], environment: {B: 3}, logging: {driver: b}, labels: !reset []}}"
            )
        );
        Assert.Equal(
            "{image: b, command: [y, z], expose: [1, 2, 3], ports: [80:80, 81:80], volumes: [u:/v, w:/w], environment: {A: 1, B: 3}, logging: {driver: b}}",
            Text(file.Services["s"])
        );
    }

    [Fact]
    public void Anchors_and_merge_keys_hold_and_what_is_nearer_wins()
    {
        var file = ComposeSample.Load(
            (
                "a.yaml",
                "x-a: &a {image: a, user: '1'}\nx-b: &b {image: b, init: true}\nservices:\n  s:\n    <<: [*a, *b]\n    user: '2'\n  t: *a\n"
            )
        );
        Assert.Equal(["{user: 2, image: a, init: true}", "{image: a, user: 1}"], file.Services.Values.Select(Text));
    }

    [Fact]
    public void Paths_begin_at_the_folder_of_the_file_that_extends_reads()
    {
        var file = ComposeSample.Load(
            [("a.yaml", "services: {s: {extends: {file: sub/b.yaml, service: t}}}")],
            ("sub/b.yaml", "services: {t: {build: ./code}}")
        );
        var context = (Piece.Word)((Piece.Group)file.Services["s"].Find("build")!).Find("context")!;
        Assert.Equal(("./code", "sub"), (context.Text, context.Place.Source.Folder));
    }

    public static TheoryData<string, string[]> Broken =>
        new()
        {
            { "services: {s: {image: a}, s: {image: b}}", ["a.yaml:1:27 compose.twice"] },
            { "services:\n\ts: {}", ["a.yaml:2:1 compose.syntax"] },
            { "services: {s: {image: *none}}", ["a.yaml:1:23 compose.alias"] },
            { "services: {s: &s {image: a, x-s: *s}}", ["a.yaml:1:34 compose.alias"] },
            { "services: {s: {image: !secret a}}", ["a.yaml:1:23 compose.tag"] },
            { "services: {}", ["a.yaml:1:11 compose.no-services"] },
            { "", ["a.yaml:1:1 compose.no-services"] },
            { "- a", ["a.yaml:1:1 compose.bad-value"] },
            { "service: {s: {image: a}}", ["a.yaml:1:1 compose.unknown-name"] },
            { "services: {s: {image: '${A:?none}'}}", ["a.yaml:1:23 compose.variable"] },
            { "services: {s: {image: a, depends_on: [t]}}", ["a.yaml:1:39 compose.unknown-name"] },
            {
                "services: {s: {image: a, depends_on: [t]}, t: {image: a, depends_on: [s]}}",
                ["a.yaml:1:71 compose.circle"]
            },
            { "services: {s: {extends: t}, t: {extends: s}}", ["a.yaml:1:25 compose.circle"] },
            { "services: {s: {extends: u}}", ["a.yaml:1:25 compose.unknown-name"] },
            { "include: [a.yaml]\nservices: {s: {image: a}}", ["a.yaml:1:11 compose.circle"] },
            { "include: [../b.yaml]\nservices: {s: {image: a}}", ["a.yaml:1:11 compose.outside"] },
            { "services: {s: {extends: {file: /etc/passwd, service: s}}}", ["a.yaml:1:32 compose.outside"] },
            { "services: {s: {build: ../../x}}", ["a.yaml:1:23 compose.outside"] },
            { "services: {s: {build: ., env_file: ~/x}}", ["a.yaml:1:36 compose.outside"] },
            { "services: {s: {build: ./none}}", ["a.yaml:1:23 compose.missing"] },
            { "services: {s: {build: ., ports: ['99999:1']}}", ["a.yaml:1:34 compose.bad-value"] },
            { "services: {s: {build: ., healthcheck: {interval: soon}}}", ["a.yaml:1:50 compose.bad-value"] },
            { "services: {s: {}}", ["a.yaml:1:15 compose.bad-value"] },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_means_nothing_is_said_with_its_place(string text, string[] faults) =>
        Assert.Equal(faults, ComposeSample.Faults(("a.yaml", text)));

    [Fact]
    public void A_bomb_of_anchors_is_refused_before_it_grows()
    {
        var bomb = new StringBuilder("x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n");
        for (var level = 1; level < 30; level++)
        {
            bomb.Append(
                CultureInfo.InvariantCulture,
                $"x{level}: &x{level} [{string.Join(", ", Enumerable.Repeat($"*x{level - 1}", 10))}]\n"
            );
        }
        Assert.Equal(["compose.too-large"], Codes(bomb.ToString()));
    }

    [Fact]
    public void Files_that_go_too_deep_or_are_too_large_are_refused()
    {
        Assert.Equal(["compose.too-large"], Codes($"x-a: {new string('[', 5_000)}{new string(']', 5_000)}"));
        Assert.Equal(["compose.too-large"], Codes($"x-a: '{new string('a', 1 << 20)}'"));
        var deep = new StringBuilder("x-0: &x0 a\n");
        for (var level = 1; level < 200; level++)
        {
            deep.Append(CultureInfo.InvariantCulture, $"x-{level}: &x{level} [*x{level - 1}]\n");
        }
        Assert.Equal(["compose.too-large"], Codes(deep.ToString()));
    }

    [Fact]
    public void A_long_chain_of_services_is_followed_without_end_of_the_stack()
    {
        var chain = string.Concat(
            Enumerable.Range(0, 450).Select(static one => $"  s{one}: {{ image: a, depends_on: [s{one + 1}] }}\n")
        );
        Assert.Empty(ComposeSample.Faults(("a.yaml", $"services:\n{chain}  s450: {{ image: a }}\n")));
    }

    [Theory]
    [InlineData("8000", "8000/tcp")]
    [InlineData("8000:80", "8000:80/tcp")]
    [InlineData("127.0.0.1:8000-8001:80-81/udp", "127.0.0.1:8000-8001:80-81/udp")]
    [InlineData("[::1]:6000:7000", "::1:6000:7000/tcp")]
    [InlineData("127.0.0.1::80", "127.0.0.1:80/tcp")]
    [InlineData("0:1", null)]
    [InlineData("80:90-80", null)]
    [InlineData("a:80", null)]
    [InlineData("80/icmp", null)]
    public void Ports_are_read_in_every_form(string text, string? read) =>
        Assert.Equal(read, PortMapping.Read(new Piece.Word(Somewhere, text, IsPlain: true))?.ToString());

    [Theory]
    [InlineData("1m30s", 90.0)]
    [InlineData("1h5m", 3900.0)]
    [InlineData("500ms", 0.5)]
    [InlineData("0", 0.0)]
    [InlineData("30", null)]
    [InlineData("soon", null)]
    [InlineData("9999999h", null)]
    public void Times_are_read_as_compose_writes_them(string text, double? seconds) =>
        Assert.Equal(seconds, ComposeValues.Time(text)?.TotalSeconds);

    [Theory]
    [InlineData("512m", "512MiB")]
    [InlineData("1.5gb", "1536MiB")]
    [InlineData("1073741824", "1GiB")]
    [InlineData("100kb", "100KiB")]
    [InlineData("-1", null)]
    [InlineData("many", null)]
    public void Sizes_are_written_as_the_manifest_reads_them(string text, string? size) =>
        Assert.Equal(size, ComposeValues.Size(text));

    [Theory]
    [InlineData("a 'b c' \"d \\\" e\" f\\ g", new[] { "a", "b c", "d \" e", "f g" })]
    [InlineData("", new string[0])]
    [InlineData("a 'b", null)]
    public void Commands_are_parted_as_a_shell_would(string text, string[]? words) =>
        Assert.Equal(words, ComposeValues.Words(text));

    [Theory]
    [InlineData("CMD|curl|-f|http://localhost:3000/healthz", "/healthz at 3000")]
    [InlineData("CMD-SHELL|curl -fsS http://127.0.0.1/ > /dev/null 2>&1 || exit 1", "/ at 80")]
    [InlineData("CMD-SHELL|wget --spider -q localhost:8080/a?b=c", "/a?b=c at 8080")]
    [InlineData("CMD-SHELL|wget -q [::1]", "/ at 80")]
    [InlineData("CMD-SHELL|curl http://localhost/a | grep ok", null)]
    [InlineData("CMD|curl|http://example.com/", null)]
    [InlineData("CMD|pg_isready", null)]
    public void A_test_by_curl_or_wget_is_a_path(string test, string? asked) =>
        Assert.Equal(
            asked,
            HealthImport.Asked(test.Split('|', test.StartsWith("CMD-SHELL", StringComparison.Ordinal) ? 2 : 99))
                is var (path, port)
                ? $"{path} at {port}"
                : null
        );

    [Theory]
    [InlineData("DB_PASSWORD", "x", true)]
    [InlineData("apiKey", "x", true)]
    [InlineData("DATABASE_URL", "postgres://u:p@h/d", true)]
    [InlineData("DATABASE_URL", "postgres://u@h/d", false)]
    [InlineData("CONNECTION", "Server=db;Password=x", true)]
    [InlineData("PASSWORD_FILE", "/run/secrets/x", false)]
    [InlineData("TOKEN_TTL", "60", false)]
    [InlineData("USE_TOKEN", "true", false)]
    [InlineData("KEYBOARD", "de", false)]
    [InlineData("PUBLIC_KEY", "x", false)]
    [InlineData("MONKEY", "x", false)]
    public void Secrets_are_known_by_their_names_and_forms(string name, string value, bool isSecret) =>
        Assert.Equal(isSecret, Sensitive.Is(name, value, []));

    private static readonly Place Somewhere = new(new ComposeSource("a.yaml", "."), 1, 1);

    private static IEnumerable<string> Codes(string text) =>
        ComposeSample.Faults(("a.yaml", text)).Select(static one => one.Split(' ')[1]).Distinct();

    private static string Text(Piece piece) =>
        piece switch
        {
            Piece.Word word => word.Text,
            Piece.Row row => $"[{string.Join(", ", row.Items.Select(Text))}]",
            Piece.Group group =>
                $"{{{string.Join(", ", group.Entries.Select(static one => $"{one.Key}: {Text(one.Value)}"))}}}",
            _ => "?",
        };
}

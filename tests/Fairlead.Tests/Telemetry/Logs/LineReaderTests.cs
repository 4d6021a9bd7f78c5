using System.Globalization;
using System.Runtime.CompilerServices;
using CsCheck;
using Fairlead.Engine.Watching.Logs;

namespace Fairlead.Tests.Telemetry.Logs;

/// <summary>Lines as real libraries write them, and what is read from them: a golden file each.</summary>
public sealed class LineReaderTests
{
    private static readonly string Folder = Path.Combine(Here(), "Golden");

    public static TheoryData<string> Goldens() =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void A_line_is_read_as_its_library_means_it(string name)
    {
        var cases = File.ReadAllText(Path.Combine(Folder, name + ".txt")).Split("==========\n");
        foreach (var one in cases)
        {
            var (input, expected) = one.Split("----------\n") is [var before, var behind]
                ? (before, behind)
                : (one, "");
            Assert.Equal(
                expected,
                Text(LineReader.Read(input.TrimEnd('\n').Replace("\\e", "\u001b"))),
                ignoreLineEndingDifferences: true
            );
        }
    }

    [Fact]
    public void No_text_breaks_the_reader() =>
        Gen.OneOf(
                Gen.String,
                Gen.String[Gen.Char["{}[]\":,\\ \n=<>-0123456789.TZaeinforEWIF"], 0, 200],
                Gen.String[Gen.Char["{\"msg:level} 30,"], 0, 60].Select(text => "{" + text + "}")
            )
            .Sample(text => Assert.NotNull(LineReader.Read(text).Body), iter: 20_000);

    [Fact]
    public void No_golden_line_that_is_cut_or_changed_breaks_the_reader()
    {
        var lines = Directory
            .GetFiles(Folder, "*.txt")
            .SelectMany(File.ReadAllLines)
            .Where(line => line.Length > 20)
            .ToArray();
        Gen.Select(Gen.Int[0, lines.Length - 1], Gen.Int[0, 400], Gen.Char)
            .Sample(
                (line, at, letter) =>
                {
                    var text = lines[line].ToCharArray();
                    text[at % text.Length] = letter;
                    Assert.NotNull(LineReader.Read(new string(text)).Body);
                    Assert.NotNull(LineReader.Read(lines[line][..(at % lines[line].Length)]).Body);
                },
                iter: 20_000
            );
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string Text(ReadLine line)
    {
        List<string> lines = [$"{line.Severity} {line.SeverityText ?? "-"}"];
        if (line.At is { } at)
        {
            var time = DateTimeOffset.UnixEpoch.AddTicks(at / 100);
            lines.Add(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture));
        }
        if (line.TraceId is not null || line.SpanId is not null)
        {
            lines.Add($"trace {line.TraceId} span {line.SpanId}");
        }
        lines.AddRange(line.Fields.Select(field => $"{field.Name}={field.Value}"));
        lines.Add($"> {line.Body}");
        return string.Join('\n', lines) + "\n";
    }
}

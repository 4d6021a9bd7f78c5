using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using Fairlead.Drivers.Formats.Exposition;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Formats.Exposition;

/// <summary>
/// Pages and what is read of them, as files that a person can read: input, a line of dashes, answer. To take new answers, run once
/// with FAIRLEAD_GOLDEN=write and read the difference.
/// </summary>
public sealed class ExpositionTests
{
    private const string Line = "----------\n";
    private static readonly ScrapeLimits Limits = new();
    private static readonly string Folder = Path.Combine(Here(), "Golden");

    public static TheoryData<string> Names =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.txt")
                .Select(Path.GetFileNameWithoutExtension)
                .OfType<string>()
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_is_read_as_its_format_says(string name)
    {
        var path = Path.Combine(Folder, $"{name}.txt");
        var text = File.ReadAllText(path);
        var cut = text.IndexOf(Line, StringComparison.Ordinal);
        var (input, expected) = cut < 0 ? (text, null) : (text[..cut], text[(cut + Line.Length)..]);
        // A page that does not end with its line is told by its name.
        input = name.EndsWith("without-newline", StringComparison.Ordinal) ? input.TrimEnd('\n') : input;
        var actual = Read(input, DialectOf(name));
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, $"{input}{(input.EndsWith('\n') ? "" : "\n")}{Line}{actual}");
            return;
        }
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void More_than_the_limits_is_refused_as_a_whole()
    {
        var few = new ScrapeLimits
        {
            SamplesMax = 2,
            LabelsMax = 1,
            LabelNameBytesMax = 4,
            LabelValueBytesMax = 4,
        };
        Assert.Equal("It shows more than 2 samples.", Refusal("a 1\nb 2\nc 3\n", few));
        Assert.Equal("Line 1: it has more than 1 labels.", Refusal("a{b=\"1\",c=\"2\"} 1\n", few));
        Assert.Equal("Line 1: a name is longer than 4 bytes.", Refusal("abcde 1\n", few));
        Assert.Equal("Line 1: a name or value is longer than 4 bytes.", Refusal("a{b=\"12345\"} 1\n", few));
        Assert.Equal(
            2,
            ExpositionReader.Read("a 1\nb{c=\"1234\"} 2\n"u8, ExpositionDialect.Prometheus, few).Samples.Count
        );
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.Equal("Line 1: it is no UTF-8.", Refusal([.. "a{b=\""u8, 0xff, .. "\"} 1\n"u8], Limits));

    private static readonly string[] Pieces =
    [
        .. "a|b_total| |{|}|\"|\\|=|,|#|# TYPE |# HELP |# EOF|\n|1|-|.5|e9|NaN|+Inf|counter|histogram|é|\t|\r|0| 12 |le=\"|\"} |# {".Split(
            '|'
        ),
    ];

    [Theory]
    [InlineData(ExpositionDialect.Prometheus)]
    [InlineData(ExpositionDialect.OpenMetrics)]
    public void Whatever_the_bytes_are_they_are_read_or_refused_in_words(ExpositionDialect dialect)
    {
        One(Pieces)
            .Array[0, 60]
            .Sample(words => IsAnswered(Encoding.UTF8.GetBytes(string.Concat(words)), dialect), iter: 20_000);
        Gen.Byte.Array[0, 200].Sample(bytes => IsAnswered(bytes, dialect), iter: 20_000);
    }

    private static bool IsAnswered(byte[] bytes, ExpositionDialect dialect)
    {
        try
        {
            return ExpositionReader.Read(bytes, dialect, Limits) is not null;
        }
        catch (InvalidDataException caught)
        {
            return caught.Message.EndsWith('.');
        }
    }

    private static Gen<T> One<T>(params T[] all) => Gen.Int[0, all.Length - 1].Select(at => all[at]);

    [Fact]
    public void What_is_written_is_read_again_as_it_was()
    {
        var name = One("a", "b_total", "with.dots", "é");
        var value = Gen.OneOf(Gen.Double, Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity), Gen.Const(-0.0));
        var text = Gen.String[One('a', '"', '\\', '\n', 'é', ' ', '}', ','), 0, 6];
        Gen.Select(name, text, value, Gen.Long[-1_000_000, 1_000_000].Nullable())
            .Array[0, 8]
            .Sample(
                rows =>
                {
                    var page = new MetricPage();
                    foreach (var (metric, label, number, time) in rows)
                    {
                        page.Add(new(Labels.Of([new(Labels.MetricName, metric), new("l.x", label)]), number, time));
                    }
                    foreach (var dialect in Enum.GetValues<ExpositionDialect>())
                    {
                        var written = ExpositionWriter.Write(page, dialect);
                        var read = ExpositionReader.Read(Encoding.UTF8.GetBytes(written), dialect, Limits);
                        // Families come together when they are written.
                        Assert.Equal(
                            page.Samples.GroupBy(one => one.Labels.Name).SelectMany(one => one).Select(Text),
                            read.Samples.Select(Text)
                        );
                    }
                },
                iter: 2_000
            );
    }

    [Theory]
    [InlineData(null, ExpositionDialect.Prometheus)]
    [InlineData("text/plain; version=0.0.4", ExpositionDialect.Prometheus)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", ExpositionDialect.OpenMetrics)]
    [InlineData("text/html", null)]
    public void The_answers_type_says_how_it_is_read(string? type, ExpositionDialect? expected) =>
        Assert.Equal(expected, ExpositionMedia.Of(type));

    private static ExpositionDialect DialectOf(string name) =>
        name.StartsWith("openmetrics", StringComparison.Ordinal)
            ? ExpositionDialect.OpenMetrics
            : ExpositionDialect.Prometheus;

    private static string Refusal(string text, ScrapeLimits limits) => Refusal(Encoding.UTF8.GetBytes(text), limits);

    private static string Refusal(byte[] text, ScrapeLimits limits) =>
        Assert
            .Throws<InvalidDataException>(() => ExpositionReader.Read(text, ExpositionDialect.Prometheus, limits))
            .Message;

    private static string Read(string text, ExpositionDialect dialect)
    {
        try
        {
            var page = ExpositionReader.Read(Encoding.UTF8.GetBytes(text), dialect, Limits);
            return string.Concat(
                page.Abouts.Values.Select(one => $"{one.Name} is {one.Kind} in '{one.Unit}': {one.Help}\n")
                    .Concat(page.Samples.Select(one => Text(one) + "\n"))
            );
        }
        catch (InvalidDataException caught)
        {
            return caught.Message + "\n";
        }
    }

    private static string Text(ExposedSample sample) =>
        string.Create(CultureInfo.InvariantCulture, $"{sample.Labels} = {sample.Value:R} at {sample.At}");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

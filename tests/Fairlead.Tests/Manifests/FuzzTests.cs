using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Manifests;

/// <summary>Whatever the file holds, it is read or refused in words; nothing else is thrown and nothing hangs.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Manifests =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Here(), "Golden"), "*.txt")
            .Order(StringComparer.Ordinal)
            .Select(file => File.ReadAllText(file).Split("\n----------\n")[0]),
    ];

    private static readonly string[] Pieces =
    [
        "\t",
        "\n",
        "  ",
        "- ",
        ": ",
        "? ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "&a ",
        "*a",
        "!!x ",
        "!<%E2%82> ",
        "|\n",
        ">-\n",
        "'",
        "\"",
        "\\",
        "\"\\x",
        "\"\\uD800\"",
        "%YAML 1.2\n",
        "%TAG ! a\n",
        "---\n",
        "...\n",
        "#",
        "~",
        "null",
        "9999999999999999999999",
        "1e999",
        "\0",
        "\uFEFF",
        "\u2028",
        "\uD800",
        "<<: ",
        "services:",
        "deploy: ",
        "$(x)",
    ];

    private static readonly Gen<string> Piece = Gen.Int[0, Pieces.Length - 1].Select(at => Pieces[at]);

    private static readonly Gen<string> Mutated = Gen.Select(
        Gen.Int[0, Manifests.Length - 1].Select(at => Manifests[at]),
        Gen.Select(Gen.Double.Unit, Gen.Int[0, 12], Gen.OneOf(Piece, Gen.String)).List[1, 6],
        Mutate
    );

    [Fact]
    public void A_damaged_manifest_is_refused_in_words() =>
        Mutated.Sample(manifest => Assert.True(IsAnswered(manifest), manifest), iter: 5_000);

    [Fact]
    public void Random_bytes_are_refused_in_words() =>
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.True(IsAnswered(Encoding.UTF8.GetString(bytes))), iter: 2_000);

    [Fact]
    public void Random_pieces_are_refused_in_words() =>
        Piece
            .Array[0, 40]
            .Sample(pieces => Assert.True(IsAnswered(string.Concat(pieces)), string.Concat(pieces)), iter: 5_000);

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 100_000)]
    [InlineData("- ", 500_000)]
    [InlineData("a: [[[[[[[[[[]]]]]]]]]]\n", 40_000)]
    [InlineData("? ", 100_000)]
    [InlineData("&a ", 100_000)]
    [InlineData("- &a [*a,*a]\n", 50_000)]
    [InlineData("a\n\n", 300_000)]
    [InlineData("x", 1_048_577)]
    [InlineData("\"", 100_000)]
    [InlineData("\n", 1_000_000)]
    [InlineData("'\n", 100_000)]
    [InlineData("%", 500_000)]
    [InlineData(",", 500_000)]
    [InlineData("a: b\n", 100_000)]
    public void A_bomb_is_refused_before_it_grows(string piece, int times)
    {
        var text = new StringBuilder().Insert(0, piece, times).ToString();
        Assert.Equal("", Answered(text));
    }

    private static bool IsAnswered(string manifest) => Answered(manifest).Length == 0;

    /// <summary>What is wrong with the answer.</summary>
    private static string Answered(string manifest)
    {
        try
        {
            Shop.Load(manifest);
            return "";
        }
        catch (ProblemException found)
        {
            var bad = found.Problems.Where(problem =>
                problem.Trouble != Trouble.WrongUse
                || problem.What.Length is 0 or > 2000
                || problem.Why.Length == 0
                || problem.Fix.Length == 0
                || problem.ToString().Any(letter => char.IsControl(letter) && letter != '\n')
                || (
                    problem.Code != "manifest.more"
                    && problem.Where?.StartsWith($"{ManifestFile.Name}:", StringComparison.Ordinal) != true
                )
            );
            return string.Join('\n', bad);
        }
    }

    private static string Mutate(string manifest, List<(double At, int Cut, string Put)> changes)
    {
        foreach (var (at, cut, put) in changes)
        {
            var start = (int)(at * manifest.Length);
            manifest = manifest.Remove(start, Math.Min(cut, manifest.Length - start)).Insert(start, put);
        }
        return manifest;
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

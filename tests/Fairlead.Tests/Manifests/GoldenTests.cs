using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fairlead.Engine.Manifests;

namespace Fairlead.Tests.Manifests;

/// <summary>
/// Manifests and what is said about them, as files that a person can read: input, a line of dashes, answer. To take new
/// answers, run once with FAIRLEAD_GOLDEN=write and read the difference.
/// </summary>
public sealed class GoldenTests
{
    private const string Line = "\n----------\n";
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
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
    public void A_manifest_is_answered_in_the_users_words(string name)
    {
        var path = Path.Combine(Folder, $"{name}.txt");
        var parts = File.ReadAllText(path).Split(Line);
        Same(path, parts[0], Shop.Answer(parts[0] + "\n") + "\n", parts.ElementAtOrDefault(1));
    }

    [Theory]
    [InlineData("fairlead")]
    [InlineData("fairlead.pipeline")]
    [InlineData("fairlead.checks")]
    public void The_schema_follows_from_the_records(string file)
    {
        var path = Path.Combine(Folder, $"{file}.schema.json");
        var made = file switch
        {
            "fairlead" => FileSchema.OfManifest(),
            "fairlead.pipeline" => FileSchema.OfPipeline(),
            _ => FileSchema.OfChecks(),
        };
        Same(path, input: null, made.ToJsonString(Readable) + "\n", File.Exists(path) ? File.ReadAllText(path) : null);
    }

    private static void Same(string path, string? input, string actual, string? expected)
    {
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, input is null ? actual : input + Line + actual);
            return;
        }
        Assert.Equal(expected, actual);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

using System.Text;
using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Pipelines.Shared;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Tests.Drivers.Pipelines.Shared;

namespace Fairlead.Tests.Fuzzing;

internal static partial class OutsideReaders
{
    private static IEnumerable<OutsideReader> TestsOfCaches(CacheTrust trust)
    {
        var known = new PastTests(
            new Dictionary<string, TimeSpan> { ["file a b"] = TimeSpan.FromSeconds(1) },
            [
                new(
                    "9f86",
                    [
                        ["a b"],
                        ["c"],
                    ]
                ),
            ]
        );
        var told = SharedTestText.Write(known, ("times ci", "main"), DateTimeOffset.UnixEpoch, trust);
        yield return OutsideReader.OfText(
            "tests of a shared cache, signed by one who may",
            lines => SharedTestText.Read(Signed(lines, trust), ("times ci", "main"), trust),
            told[..told.LastIndexOf("sign ", StringComparison.Ordinal)]
        );
    }

    private static IEnumerable<OutsideReader> Caches()
    {
        var key = new TaskKey([new("command", "make")]);
        var trust = CacheTrust.Of(Machine.NewKey().Private, null);
        WorkFile[] files =
        [
            new("out/a", new string('a', 64), 4, false, false),
            new("out/b c", "../d e", 0, false, true),
        ];
        var entry = new SharedTask(
            new(key, files, TimeSpan.FromSeconds(1), DateTimeOffset.UnixEpoch, "main"),
            new string('b', 64),
            9
        );
        var text = SharedEntryText.Write(entry, trust);
        yield return OutsideReader.OfText(
            "entry of a shared cache, signed by one who may",
            lines => ReadEntry(Signed(lines, trust), (key, "main"), trust),
            text[..text.LastIndexOf("sign ", StringComparison.Ordinal)]
        );
        yield return OutsideReader.OfText(
            "entry of a shared cache",
            lines => SharedEntryText.Read(lines, (key, "main"), trust),
            text
        );
        foreach (var reader in TestsOfCaches(trust))
        {
            yield return reader;
        }
        using var pack = new MemoryStream();
        SharedPack.Write([files[0] with { Digest = Hell }], _ => new MemoryStream("hell"u8.ToArray()), pack, default);
        yield return new OutsideReader(
            "pack of a shared cache",
            [pack.ToArray()],
            static bytes =>
                SharedPack.Read(
                    [new("out/a", Hell, 4, false, false)],
                    new MemoryStream(bytes),
                    static _ => new MemoryStream(),
                    default
                )
        );
        yield return OutsideReader
            .OfText(
                "trust of a shared cache",
                static words => CacheTrust.Of(null, words),
                $"main:{Machine.NewKey().Public}"
            )
            .Refuses<FormatException>();
        yield return OutsideReader.OfText(
            "profiles of AWS",
            static words => AwsProfileFile.Read(words, "profile team"),
            "[default]\na = b\n[profile team]\naws_access_key_id = X # y\n"
        );
    }

    /// <summary>SHA-256 of <c>hell</c>.</summary>
    private static string Hell { get; } =
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("hell"u8));

    private static string Signed(string lines, CacheTrust trust) =>
        $"{lines}sign {Convert.ToBase64String(trust.Sign(Encoding.UTF8.GetBytes(lines)))}\n";

    private static void ReadEntry(string text, (TaskKey, string) asked, CacheTrust trust)
    {
        if (SharedEntryText.Read(text, asked, trust) is { } read)
        {
            SharedEntryChecks.IsSound(read, ["out/**"]);
        }
    }
}

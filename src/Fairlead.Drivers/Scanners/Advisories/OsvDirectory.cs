using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.Advisories;

/// <summary>
/// A copy of the OSV database in a folder of the state: one file for each ecosystem, in lines of <c>name TAB record</c> sorted by name, so
/// that a question reads one file from front to back and keeps nothing in memory. A new copy is made beside and takes its place whole.
/// </summary>
/// <param name="root">The folder, absolute; it may be missing.</param>
/// <param name="nameOf">The name by which advisories speak of a package.</param>
/// <param name="rate">How bad a CVSS vector is.</param>
public sealed class OsvDirectory(string root, Func<Ecosystem, string, string> nameOf, Func<string, Severity?> rate)
    : IAdvisories
{
    /// <summary>In a copy, says the day it was made: <c>{ "date": "2026-11-20" }</c>.</summary>
    public const string DateFile = "advisories.json";

    private const int RecordBytesMax = 4 << 20;
    private const int RecordsMax = 2_000_000;
    private const long BytesMax = 8L << 30;
    private const int UnreadMax = 20;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private string Current => Path.Combine(root, "current");

    public Task<AdvisoryStatus> StatusAsync(CancellationToken stop) =>
        Task.FromResult(
            DurableFile.TryReadJson<Note>(Path.Combine(Current, "note.json")) is { } note
                ? new AdvisoryStatus(note.Date, note.Mark, note.Counts) { Unread = note.Unread }
                : AdvisoryStatus.None
        );

    public async Task<IReadOnlyList<Advisory>> AboutAsync(
        IReadOnlySet<(Ecosystem, string)> packages,
        CancellationToken stop
    )
    {
        var found = new Dictionary<string, Advisory>(StringComparer.Ordinal);
        foreach (var group in packages.GroupBy(static one => one.Item1, static one => one.Item2))
        {
            var path = Path.Combine(Current, FileOf(group.Key));
            if (!File.Exists(path))
            {
                continue;
            }
            var names = group.ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
            await foreach (var line in File.ReadLinesAsync(path, stop))
            {
                var tab = line.IndexOf('\t', StringComparison.Ordinal);
                if (tab > 0 && names.Contains(line.AsSpan(0, tab)))
                {
                    var advisory = JsonSerializer.Deserialize<Advisory>(line.AsSpan(tab + 1), Options)!;
                    found.TryAdd(advisory.Id, advisory);
                }
            }
        }
        return [.. found.Values.OrderBy(static one => one.Id, StringComparer.Ordinal)];
    }

    public Task<AdvisoryStatus> ImportAsync(string path, DateTimeOffset? date, CancellationToken stop) =>
        Task.Run(() => Import(path, date, stop), stop);

    private AdvisoryStatus Import(string path, DateTimeOffset? given, CancellationToken stop)
    {
        try
        {
            var taken = new Taking(nameOf, new OsvReader(rate));
            var said =
                Directory.Exists(path) ? TakeFolder(path, taken, stop)
                : File.Exists(path) ? TakeZip(path, taken, stop)
                : throw Refused(
                    "advisory.missing",
                    path,
                    "There is no folder and no file of that name.",
                    "Write where the copy is."
                );
            if ((given ?? said) is not { } date)
            {
                throw Refused(
                    "advisory.no-date",
                    path,
                    $"It has no {DateFile} with a \"date\", and its name says none.",
                    "Say when it was made, for example: --date 2026-11-20"
                );
            }
            if (taken.Counts.Count == 0)
            {
                throw Refused(
                    "advisory.empty",
                    path,
                    taken.Unread.FirstOrDefault() ?? "It holds no record of OSV of an ecosystem that is known here.",
                    "Give a folder or zip of OSV's JSON, as https://osv.dev publishes for each ecosystem (all.zip)."
                );
            }
            return Keep(taken, date, path);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ProblemException(
                Refused("advisory.unreadable", path, caught.Message, "Bring the copy again.").Problem,
                caught
            );
        }
    }

    private AdvisoryStatus Keep(Taking taken, DateTimeOffset date, string path)
    {
        if (DurableFile.TryReadJson<Note>(Path.Combine(Current, "note.json")) is { } before && before.Date > date)
        {
            throw Refused(
                "advisory.older",
                path,
                $"It is of {date:yyyy-MM-dd}; what is here is of {before.Date:yyyy-MM-dd}.",
                "Bring a newer copy. To go back on purpose, remove the folder 'advisories' in the state first."
            );
        }
        var (making, leaving) = (Path.Combine(root, "making"), Path.Combine(root, "leaving"));
        Remove(making);
        Remove(leaving);
        Directory.CreateDirectory(making);
        var mark = taken.Write(making);
        DurableFile.WriteJson(Path.Combine(making, "note.json"), new Note(date, mark, taken.Counts, taken.Unread));
        if (Directory.Exists(Current))
        {
            Directory.Move(Current, leaving);
        }
        Directory.Move(making, Current);
        DurableFile.SyncFolder(root);
        Remove(leaving);
        return new(date, mark, taken.Counts) { Unread = taken.Unread };
    }

    private static DateTimeOffset? TakeFolder(string folder, Taking taken, CancellationToken stop)
    {
        var date = DateIn(Path.GetFileName(folder.TrimEnd('/')));
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
            MaxRecursionDepth = 12,
        };
        foreach (var file in Directory.EnumerateFiles(folder, "*", options))
        {
            stop.ThrowIfCancellationRequested();
            var name = Path.GetFileName(file);
            if (name == DateFile)
            {
                date = DateOf(File.ReadAllBytes(file)) ?? date;
            }
            else if (name.EndsWith(".json", StringComparison.Ordinal))
            {
                using var stream = File.OpenRead(file);
                taken.Take(Path.GetRelativePath(folder, file), stream, stream.Length);
            }
            else if (name.EndsWith(".zip", StringComparison.Ordinal))
            {
                date = TakeZip(file, taken, stop) ?? date;
            }
        }
        return date;
    }

    private static DateTimeOffset? TakeZip(string path, Taking taken, CancellationToken stop)
    {
        var date = DateIn(Path.GetFileNameWithoutExtension(path));
        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries)
        {
            stop.ThrowIfCancellationRequested();
            // Nothing is written under an entry's name, so none can lead out of a folder.
            if (entry.Name == DateFile)
            {
                using var stream = entry.Open();
                date = Bounded(stream) is { } bytes ? DateOf(bytes) ?? date : date;
            }
            else if (entry.Name.EndsWith(".json", StringComparison.Ordinal))
            {
                using var stream = entry.Open();
                taken.Take(entry.FullName, stream, entry.Length);
            }
        }
        return date;
    }

    /// <summary>All of a stream; null when it is larger than a record may be, whatever its header says.</summary>
    private static byte[]? Bounded(Stream stream)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            if (bytes.Length + count > RecordBytesMax)
            {
                return null;
            }
            bytes.Write(buffer, 0, count);
        }
        return bytes.ToArray();
    }

    private static DateTimeOffset? DateOf(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("date", out var date) && date.ValueKind == JsonValueKind.String
                ? Parse(date.GetString()!)
                : null;
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // osv-2026-11-20
    private static DateTimeOffset? DateIn(string name) =>
        Enumerable
            .Range(0, Math.Max(name.Length - 9, 0))
            .Select(at => Parse(name.Substring(at, 10)))
            .FirstOrDefault(static date => date is not null);

    private static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:sszzz"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var date
        )
            ? date
            : null;

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string FileOf(Ecosystem ecosystem) => $"{ecosystem}.tsv".ToLowerInvariant();

    private static ProblemException Refused(string code, string path, string why, string fix) =>
        new(new Problem(code, What: $"The advisories in {path} were not taken.", Why: why, Fix: fix));

    private sealed record Note(
        DateTimeOffset Date,
        string Mark,
        Dictionary<Ecosystem, int> Counts,
        IReadOnlyList<string> Unread
    );

    /// <summary>Records on their way into the copy.</summary>
    private sealed class Taking(Func<Ecosystem, string, string> nameOf, OsvReader reader)
    {
        private readonly Dictionary<Ecosystem, List<(string Name, string Json)>> lines = [];
        private long bytes;
        private int count;

        public Dictionary<Ecosystem, int> Counts { get; } = [];

        public List<string> Unread { get; } = [];

        public void Take(string name, Stream stream, long length)
        {
            if (++count > RecordsMax || (bytes += Math.Max(length, 0)) > BytesMax)
            {
                throw new InvalidDataException($"It has more than {RecordsMax} records or {BytesMax >> 30} GiB.");
            }
            if (Bounded(stream) is not { } json)
            {
                Miss($"{name} is larger than {RecordBytesMax >> 20} MiB and was not read.");
                return;
            }
            try
            {
                if (reader.Read(json) is { } advisory)
                {
                    Add(advisory);
                }
            }
            catch (FormatException caught)
            {
                Miss($"{name} is no record of OSV: {caught.Message.Split('\n')[0]}");
            }
        }

        /// <returns>Names exactly this copy.</returns>
        public string Write(string folder)
        {
            using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(
                System.Security.Cryptography.HashAlgorithmName.SHA256
            );
            foreach (var (ecosystem, all) in lines.OrderBy(static one => one.Key))
            {
                using var file = new StreamWriter(Path.Combine(folder, FileOf(ecosystem)));
                foreach (var (name, json) in all.Order())
                {
                    file.Write(name);
                    file.Write('\t');
                    file.Write(json);
                    file.Write('\n');
                    hash.AppendData(System.Text.Encoding.UTF8.GetBytes(json));
                }
                file.Flush();
                ((FileStream)file.BaseStream).Flush(flushToDisk: true);
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        }

        private void Add(Advisory advisory)
        {
            foreach (var group in advisory.Affected.GroupBy(one => (one.Ecosystem, nameOf(one.Ecosystem, one.Name))))
            {
                var (ecosystem, name) = group.Key;
                if (name.AsSpan().ContainsAny('\t', '\n', '\r'))
                {
                    continue;
                }
                if (!lines.TryGetValue(ecosystem, out var all))
                {
                    lines[ecosystem] = all = [];
                }
                // Only what is about this package: a record may name hundreds.
                all.Add((name, JsonSerializer.Serialize(advisory with { Affected = [.. group] }, Options)));
            }
            foreach (var ecosystem in advisory.Affected.Select(static one => one.Ecosystem).Distinct())
            {
                Counts[ecosystem] = Counts.GetValueOrDefault(ecosystem) + 1;
            }
        }

        private void Miss(string why)
        {
            if (Unread.Count < UnreadMax)
            {
                Unread.Add(why);
            }
        }
    }
}

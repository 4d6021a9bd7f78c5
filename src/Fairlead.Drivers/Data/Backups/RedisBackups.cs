using System.Globalization;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>Redis as a replica sees it: <c>redis-cli --rdb</c> asks for a snapshot, which <c>redis-check-rdb</c> reads to its checksum.</summary>
public sealed class RedisBackups(string work) : IBackupDriver
{
    private const string Package = "redis-tools";

    public DatabaseKind Kind => DatabaseKind.Redis;

    public async Task<DataFacts> SaveAsync(DataPlace place, Stream into, CancellationToken stop)
    {
        var address = AddressOf(place);
        Directory.CreateDirectory(work);
        var copy = Path.Combine(work, Path.GetRandomFileName());
        try
        {
            var said = await Tool(address, ["DBSIZE"]).AskAsync(stop);
            await Tool(address, ["--rdb", copy]).RunAsync(write: null, read: null, stop);
            await using var file = File.OpenRead(copy);
            await file.CopyToAsync(into, stop);
            return new(
                long.TryParse(said.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var keys) ? keys : 0,
                0
            );
        }
        finally
        {
            File.Delete(copy);
        }
    }

    public async Task<Restored> TryAsync(
        string folder,
        Stream from,
        IReadOnlyList<RestoreCheck> checks,
        DateTimeOffset at,
        CancellationToken stop
    )
    {
        var path = Path.Combine(folder, "dump.rdb");
        await using (var file = File.Create(path))
        {
            await from.CopyToAsync(file, stop);
        }
        // [info] 5000 keys read
        var said = await new ToolRun(["redis-check-rdb", path]) { Package = Package }.AskAsync(stop);
        var keys = said.Split('\n')
            .Select(static line => line.Trim().Split(' '))
            .Where(static words => words is ["[info]", _, "keys", "read"])
            .Select(static words => long.Parse(words[1], CultureInfo.InvariantCulture))
            .FirstOrDefault(-1);
        if (keys < 0 || !said.Contains("Checksum OK", StringComparison.Ordinal))
        {
            throw new ProblemException(
                BackupProblems.NotHeld("the snapshot", "redis-check-rdb did not read it to its checksum.")
            );
        }
        return new(
            new(keys, 0),
            [string.Create(CultureInfo.InvariantCulture, $"redis-check-rdb read {keys} keys, checksum OK")]
        );
    }

    public async Task<string> RestoreAsync(DataPlace place, string name, Stream from, CancellationToken stop)
    {
        // A server reads a snapshot only when it starts; which one that is, is for those to say who run it.
        if (!Path.IsPathRooted(name) || Path.Exists(name))
        {
            throw new ProblemException(BackupProblems.WrongName(name));
        }
        await using var file = File.Create(name);
        await from.CopyToAsync(file, stop);
        file.Flush(flushToDisk: true);
        return name;
    }

    private static Uri AddressOf(DataPlace place) =>
        Uri.TryCreate(place.Address, UriKind.Absolute, out var address) && address.Scheme is "redis" or "rediss"
            ? address
            : throw new ProblemException(BackupProblems.WrongAddress(place.Name, "redis://:password@host:6379"));

    private static ToolRun Tool(Uri address, IReadOnlyList<string> words)
    {
        var login = address.UserInfo.Split(':', 2);
        string[] user = login[0].Length > 0 && login.Length > 1 ? ["--user", Uri.UnescapeDataString(login[0])] : [];
        string[] tls = address.Scheme == "rediss" ? ["--tls"] : [];
        return new([
            "redis-cli",
            "-h",
            address.Host,
            "-p",
            (address.Port > 0 ? address.Port : 6379).ToString(CultureInfo.InvariantCulture),
            .. user,
            .. tls,
            .. words,
        ])
        {
            Env = new Dictionary<string, string>
            {
                ["REDISCLI_AUTH"] = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : "",
            },
            Package = Package,
        };
    }
}

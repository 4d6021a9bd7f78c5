using System.Diagnostics;
using System.Globalization;
using System.Text;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
#pragma warning disable RS0030 // A server that lives as long as a drill.

namespace Fairlead.Drivers.Data.Backups;

/// <summary>MySQL and MariaDB by their own dump, in one transaction. A dump that was cut off lacks its last line, and is refused.</summary>
public sealed class MysqlBackups(string work, World world) : IBackupDriver
{
    private const string Package = "mariadb-client";
    private const string LastLine = "-- Dump completed";
    private const int TailBytes = 512;
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public DatabaseKind Kind => DatabaseKind.Mysql;

    public async Task<DataFacts> SaveAsync(DataPlace place, Stream into, CancellationToken stop)
    {
        var address = AddressOf(place);
        var facts = await FactsAsync(Client(address), DatabaseOf(address), stop);
        await Tool(
                Named("mariadb-dump", "mysqldump"),
                address,
                [
                    "--single-transaction",
                    "--quick",
                    "--routines",
                    "--triggers",
                    "--events",
                    "--hex-blob",
                    DatabaseOf(address),
                ]
            )
            .RunAsync(write: null, (output, end) => output.CopyToAsync(into, end), stop);
        return facts;
    }

    public async Task<Restored> TryAsync(
        string folder,
        Stream from,
        IReadOnlyList<RestoreCheck> checks,
        DateTimeOffset at,
        CancellationToken stop
    )
    {
        using var server = await StartAsync(folder, stop);
        try
        {
            ToolRun Here(params string[] words) =>
                new([Named("mariadb", "mysql"), "--no-defaults", $"--socket={folder}/s", "--user=root", .. words])
                {
                    Package = Package,
                };
            await Here("-e", "CREATE DATABASE scratch").RunAsync(write: null, read: null, stop);
            await FillAsync(Here("scratch"), from, stop);
            var looks = new List<string> { "the dump ends as dumps end" };
            foreach (var check in checks)
            {
                var said = await Here(
                        "-N",
                        "-e",
                        $"SELECT count(*) FROM `{check.Table.Replace("`", "``", StringComparison.Ordinal)}`",
                        "scratch"
                    )
                    .AskAsync(stop);
                var rows = long.Parse(said.Trim(), CultureInfo.InvariantCulture);
                looks.Add(
                    rows >= check.RowsMin && rows <= (check.RowsMax ?? long.MaxValue)
                        ? string.Create(CultureInfo.InvariantCulture, $"{check.Table} has {rows} rows")
                        : throw new ProblemException(BackupProblems.WrongRows(check, rows))
                );
            }
            return new(await FactsAsync(words => Here([.. words]), "scratch", stop), looks);
        }
        finally
        {
            if (!server.HasExited)
            {
                _ = Posix.Kill(server.Id, Posix.SigKill);
                await server.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    public async Task<string> RestoreAsync(DataPlace place, string name, Stream from, CancellationToken stop)
    {
        var address = AddressOf(place);
        if (
            name.Length is 0 or > 63
            || !name.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')
        )
        {
            throw new ProblemException(BackupProblems.WrongName(name));
        }
        await Client(address)(["-e", $"CREATE DATABASE `{name}`"]).RunAsync(write: null, read: null, stop);
        try
        {
            await FillAsync(Client(address)([name]), from, stop);
            return new UriBuilder(address) { Path = name }
                .Uri
                .AbsoluteUri;
        }
        catch
        {
            await Client(address)(["-e", $"DROP DATABASE IF EXISTS `{name}`"])
                .RunAsync(write: null, read: null, CancellationToken.None);
            throw;
        }
    }

    private static Task FillAsync(ToolRun client, Stream from, CancellationToken stop) =>
        client.RunAsync(
            async (input, end) =>
            {
                var (buffer, tail) = (new byte[81920], new List<byte>());
                int read;
                while ((read = await from.ReadAsync(buffer, end)) > 0)
                {
                    await input.WriteAsync(buffer.AsMemory(0, read), end);
                    tail.AddRange(buffer.AsSpan(Math.Max(0, read - TailBytes), Math.Min(read, TailBytes)));
                    tail.RemoveRange(0, Math.Max(0, tail.Count - TailBytes));
                }
                if (!Encoding.UTF8.GetString([.. tail]).Contains(LastLine, StringComparison.Ordinal))
                {
                    throw new ProblemException(
                        BackupProblems.NotHeld("the dump", "It is cut off: its last line is missing.")
                    );
                }
            },
            read: null,
            stop
        );

    private async Task<Process> StartAsync(string folder, CancellationToken stop)
    {
        var (install, server) = (
            ToolRun.Find("mariadb-install-db"),
            ToolRun.Find("mariadbd") ?? ToolRun.Find("mysqld")
        );
        if (install is null || server is null)
        {
            throw new ProblemException(BackupProblems.NoServer("MariaDB's server", "mariadb-server"));
        }
        Directory.CreateDirectory(work);
        string[] user = Environment.IsPrivilegedProcess ? ["--user=root"] : [];
        await new ToolRun([
            install,
            "--no-defaults",
            $"--datadir={folder}/data",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            .. user,
        ]).RunAsync(write: null, read: null, stop);
        string[] words =
        [
            "--no-defaults",
            $"--datadir={folder}/data",
            $"--socket={folder}/s",
            "--skip-networking",
            "--innodb-flush-log-at-trx-commit=0",
            $"--pid-file={folder}/pid",
            .. user,
        ];
        var process = Process.Start(
            new ProcessStartInfo(server, words)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                WorkingDirectory = "/",
            }
        )!;
        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var until = world.Now + StartMax;
        while (!File.Exists($"{folder}/s"))
        {
            if (process.HasExited || world.Now > until)
            {
                throw new ProblemException(BackupProblems.NoStart("MariaDB's server ended, or made no socket."));
            }
            await Task.Delay(Look, world.Clock, stop);
        }
        return process;
    }

    private static async Task<DataFacts> FactsAsync(
        Func<IReadOnlyList<string>, ToolRun> client,
        string database,
        CancellationToken stop
    )
    {
        var text = database.Replace("'", "''", StringComparison.Ordinal);
        var said = await client([
                "-N",
                "-e",
                $"SELECT count(*), coalesce(sum(table_rows), 0) FROM information_schema.tables WHERE table_schema = '{text}' AND table_type = 'BASE TABLE'",
            ])
            .AskAsync(stop);
        return said.Trim().Split('\t') is [var tables, var rows]
            ? new(long.Parse(tables, CultureInfo.InvariantCulture), long.Parse(rows, CultureInfo.InvariantCulture))
            : new(0, 0);
    }

    private static Func<IReadOnlyList<string>, ToolRun> Client(Uri address) =>
        words => Tool(Named("mariadb", "mysql"), address, words);

    private static string Named(string first, string second) =>
        ToolRun.Find(first) is null && ToolRun.Find(second) is not null ? second : first;

    private static string DatabaseOf(Uri address) => Uri.UnescapeDataString(address.AbsolutePath.Trim('/'));

    private static Uri AddressOf(DataPlace place) =>
        Uri.TryCreate(place.Address, UriKind.Absolute, out var address)
        && address.Scheme is "mysql" or "mariadb"
        && address.AbsolutePath.Length > 1
            ? address
            : throw new ProblemException(
                BackupProblems.WrongAddress(place.Name, "mysql://user:password@host:3306/database")
            );

    private static ToolRun Tool(string program, Uri address, IReadOnlyList<string> words)
    {
        var login = address.UserInfo.Split(':', 2);
        return new([
            program,
            "--no-defaults",
            $"--host={address.Host}",
            $"--port={(address.Port > 0 ? address.Port : 3306).ToString(CultureInfo.InvariantCulture)}",
            $"--user={Uri.UnescapeDataString(login[0])}",
            .. words,
        ])
        {
            Env = new Dictionary<string, string>
            {
                ["MYSQL_PWD"] = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : "",
            },
            Package = Package,
        };
    }
}

using System.Collections.Specialized;
using System.Web;
using Fairlead.Drivers.Telemetry.Scraping;
using Fairlead.Model.Problems;
using Npgsql;

namespace Fairlead.Drivers.Stores;

/// <summary>
/// Where a PostgreSQL is, and as whom we come: <c>postgres://fairlead@db.example.com/fairlead?sslmode=verify-full</c>, or the path of a
/// file that holds this. A file is read again for each connection, so that its password can change.
/// </summary>
/// <param name="said">As it was typed. It may hold a password, so it is never printed.</param>
public sealed class PostgresAddress(string said)
{
    private const int UsualPort = 5432;
    private const int FileBytesMax = 8_192;
    private const int ConnectionsMax = 10;
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 30;

    private static readonly string[] Schemes = ["postgres", "postgresql"];
    private static readonly string[] Known = ["sslmode", "sslrootcert", "channel_binding", "host"];

    /// <summary>Whether it is an address itself, and no file.</summary>
    public static bool IsUrl(string said) =>
        Schemes.Any(scheme => said.StartsWith($"{scheme}://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it is no path of a file, such as an address with a slip in it: it may hold a password, and is never shown.</summary>
    public static bool IsMeantAsUrl(string said) =>
        IsUrl(said)
        || (
            said is not ['/' or '.', ..]
            && (said.Contains("://", StringComparison.Ordinal) || said.Contains('@', StringComparison.Ordinal))
        );

    /// <summary>How Npgsql is told.</summary>
    /// <exception cref="ProblemException">It is no address, or the file cannot be read.</exception>
    internal NpgsqlConnectionStringBuilder Settings()
    {
        var address = Parsed();
        var options = HttpUtility.ParseQueryString(address.Query);
        if (!options.AllKeys.All(key => Known.Contains(key, StringComparer.Ordinal)))
        {
            // Which, is not said: behind a password with a '?' it would be a part of it.
            throw Wrong($"What follows its '?' is none of {string.Join(", ", Known)}.");
        }
        var (user, password) = TargetAddress.LoginOf(address);
        return new()
        {
            Host = options["host"] ?? (address.Host.Length > 0 ? address.Host : "localhost"),
            Port = address.Port > 0 ? address.Port : UsualPort,
            Username = user.Length > 0 ? user : "fairlead",
            // Without one Npgsql asks PGPASSWORD and PGPASSFILE.
            Password = password.Length > 0 ? password : null,
            Database = Uri.UnescapeDataString(address.AbsolutePath.Trim('/')) is { Length: > 0 } named
                ? named
                : "fairlead",
            SslMode = Word(options, "sslmode", SslMode.Prefer),
            ChannelBinding = Word(options, "channel_binding", ChannelBinding.Prefer),
            RootCertificate = options["sslrootcert"],
            ApplicationName = "fairlead",
            MaxPoolSize = ConnectionsMax,
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
            TcpKeepAlive = true,
            // Nothing of ours outlives a transaction.
            NoResetOnClose = true,
        };
    }

    /// <summary>Without who comes and with which password.</summary>
    public override string ToString()
    {
        try
        {
            var settings = Settings();
            return $"{settings.Host}:{settings.Port}/{settings.Database}";
        }
        catch (ProblemException)
        {
            return IsMeantAsUrl(said) ? "postgres://…" : said;
        }
    }

    private Uri Parsed()
    {
        if (IsMeantAsUrl(said) && !IsUrl(said))
        {
            throw Wrong("It does not begin with postgres://, and is no path of a file.");
        }
        var text = IsUrl(said) ? said : FileText();
        if (!IsUrl(text))
        {
            throw Wrong($"The file {said} does not begin with postgres://.");
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Fragment.Length > 0)
        {
            throw Wrong("It is no URL. In a password, letters such as @ : / # % are written %40 %3A %2F %23 %25.");
        }
        return address;
    }

    private string FileText()
    {
        try
        {
            using var file = new StreamReader(said);
            var buffer = new char[FileBytesMax];
            return new string(buffer, 0, file.ReadBlock(buffer)).Trim();
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Wrong($"The file {said} cannot be read: {caught.Message}");
        }
    }

    private static T Word<T>(NameValueCollection options, string name, T usual)
        where T : struct, Enum =>
        options[name] is not { } said ? usual
        : Enum.GetNames<T>().Contains(said.Replace("-", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<T>(said.Replace("-", "", StringComparison.Ordinal), ignoreCase: true)
        : throw Wrong($"It cannot be {name}={said}.");

    private static ProblemException Wrong(string why) =>
        new(
            new Problem(
                "store.address",
                What: "This cannot be the address of the store.",
                Why: why,
                Fix: "Such as --store 'postgres://fairlead@db.example.com/fairlead?sslmode=verify-full', or a file that holds it. 'sqlite' is the usual one."
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}

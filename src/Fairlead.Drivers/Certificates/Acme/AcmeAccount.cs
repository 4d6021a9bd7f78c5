using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Us, as an authority knows us: signs what we send.</summary>
internal sealed class AcmeAccount
{
    private readonly AcmeConnection connection;
    private readonly ECDsa key;

    private AcmeAccount(AcmeConnection connection, AcmeDirectory directory, ECDsa key)
    {
        this.connection = connection;
        this.key = key;
        Directory = directory;
        Thumbprint = Jws.Thumbprint(Jws.Public(key));
    }

    public AcmeDirectory Directory { get; }

    public string Thumbprint { get; }

    /// <summary>The account's address.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Finds the account of our key, or makes it. Asking twice gives the same account.</summary>
    public static async Task<AcmeAccount> OpenAsync(
        AcmeConnection connection,
        IAccountKeys keys,
        CancellationToken stop
    )
    {
        var options = connection.Options;
        var directory = await ReadDirectoryAsync(connection, stop);
        if (directory.Meta?.ExternalAccountRequired is true && options.EabKeyId is null)
        {
            throw new ProblemException(AcmeProblems.NeedsBinding(connection));
        }
        var pem = await keys.GetOrCreateAsync(options.Directory.AbsoluteUri, CreateKey, stop);
        var account = new AcmeAccount(connection, directory, ReadKey(connection, pem));
        await account.RegisterAsync(stop);
        return account;
    }

    public static async Task<AcmeDirectory> ReadDirectoryAsync(AcmeConnection connection, CancellationToken stop)
    {
        var answer = await connection.GetAsync(connection.Options.Directory.AbsoluteUri, stop);
        var directory = connection.Read(answer, AcmeJson.Default.AcmeDirectory);
        return directory is { NewNonce: not null, NewAccount: not null, NewOrder: not null }
            ? directory
            : throw new ProblemException(AcmeProblems.Unreadable(connection, answer, "It is no ACME directory."));
    }

    public Task<AcmeAnswer> PostAsync<T>(string url, T payload, JsonTypeInfo<T> type, CancellationToken stop) =>
        PostAsync(url, JsonSerializer.SerializeToUtf8Bytes(payload, type), stop);

    /// <summary>A POST that only reads (RFC 8555, section 6.3).</summary>
    public Task<AcmeAnswer> ReadAsync(string url, CancellationToken stop) => PostAsync(url, payload: [], stop);

    private Task<AcmeAnswer> PostAsync(string url, byte[] payload, CancellationToken stop) =>
        connection.PostAsync(url, Directory.NewNonce!, nonce => Jws.Sign(key, nonce, url, Url, payload), stop);

    private async Task RegisterAsync(CancellationToken stop)
    {
        var (options, url) = (connection.Options, Directory.NewAccount!);
        var payload = JsonSerializer.SerializeToUtf8Bytes(
            new NewAccount(
                TermsOfServiceAgreed: true,
                options.Email is null ? null : [$"mailto:{options.Email}"],
                options.EabKeyId is null ? null : Jws.Bind(key, url, options.EabKeyId, BindingKey())
            ),
            AcmeJson.Default.NewAccount
        );
        var answer = await connection.PostAsync(
            url,
            Directory.NewNonce!,
            nonce => Jws.Sign(key, nonce, url, account: null, payload),
            stop
        );
        Url =
            answer.Location
            ?? throw new ProblemException(AcmeProblems.Unreadable(connection, answer, "It names no account."));
    }

    private byte[] BindingKey()
    {
        try
        {
            return Base64Url.DecodeFromChars((connection.Options.EabKey ?? "").TrimEnd('='));
        }
        catch (FormatException caught)
        {
            throw new ProblemException(AcmeProblems.BadBindingKey(connection), caught);
        }
    }

    private static string CreateKey()
    {
        using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return created.ExportPkcs8PrivateKeyPem();
    }

    private static ECDsa ReadKey(AcmeConnection connection, string pem)
    {
        var kept = ECDsa.Create();
        try
        {
            kept.ImportFromPem(pem);
        }
        catch (Exception caught) when (caught is ArgumentException or CryptographicException)
        {
            kept.Dispose();
            throw new ProblemException(AcmeProblems.BadAccountKey(connection), caught);
        }
        return kept;
    }
}

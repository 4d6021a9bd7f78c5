using Fairlead.Drivers.Aws;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>
/// Where the shared cache is and what is done with it, by variables alone: a change can write any pipeline file, and would send the token where it likes.
/// </summary>
internal sealed record SharedSettings(BlobStore Store, CacheTrust Trust)
{
    public const string Address = "FAIRLEAD_CACHE_URL";

    private const string Token = "FAIRLEAD_CACHE_TOKEN";
    private const string Mode = "FAIRLEAD_CACHE_MODE";
    private const string Key = "FAIRLEAD_CACHE_KEY";
    private const string Trusted = "FAIRLEAD_CACHE_TRUST";

    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(3);

    public bool Reads { get; init; } = true;

    public bool Writes { get; init; }

    /// <summary>How long an entry may take to be looked up.</summary>
    public TimeSpan LookMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a run waits at its end for what is still being sent.</summary>
    public TimeSpan SettleMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <returns>Null when nothing says that there is one.</returns>
    /// <exception cref="ProblemException">What is said makes no sense.</exception>
    public static SharedSettings? Read(Func<string, string?> variable, World world)
    {
        if (variable(Address) is not { Length: > 0 } address)
        {
            return null;
        }
        var requests = RequestsOf(address, variable, world);
        CacheTrust trust;
        try
        {
            trust = CacheTrust.Of(variable(Key), variable(Trusted));
        }
        catch (FormatException caught)
        {
            throw new ProblemException(WrongKey(caught.Message), caught);
        }
        var (reads, writes) = variable(Mode) switch
        {
            null or "" => (true, trust.Signs),
            "read" => (true, false),
            "write" => (false, true),
            "both" => (true, true),
            var other => throw new ProblemException(WrongMode(other)),
        };
        if (writes && !trust.Signs)
        {
            throw new ProblemException(WrongKey($"{Mode} asks to write, and there is no key to sign with"));
        }
        var http = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectTimeout = ConnectMax,
                AllowAutoRedirect = false, // It would take the token to another place.
                UseCookies = false,
                ActivityHeadersPropagator = null,
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        return new(new(http, requests, world), trust) { Reads = reads, Writes = writes };
    }

    internal static IBlobRequests RequestsOf(string address, Func<string, string?> variable, World world)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var place) || place.Host.Length == 0)
        {
            throw new ProblemException(WrongAddress());
        }
        switch (place.Scheme)
        {
            case "http" or "https":
                return new HttpBlobRequests(place, variable(Token));
            case "s3":
                var chain = new AwsKeyChain(variable);
                var own = variable("AWS_ENDPOINT_URL_S3") ?? variable("AWS_ENDPOINT_URL");
                if (!Uri.TryCreate(own, UriKind.Absolute, out var endpoint) && own is { Length: > 0 })
                {
                    throw new ProblemException(WrongAddress());
                }
                var prefix = place.AbsolutePath.Trim('/');
                // Asked for now, so that it is said before anything runs that there are none.
                var keys = chain.Keys();
                return new S3BlobRequests(
                    new(place.Host, chain.Region() ?? "us-east-1", endpoint),
                    prefix.Length == 0 ? "" : prefix + "/",
                    () => keys,
                    world
                );
            default:
                throw new ProblemException(WrongAddress());
        }
    }

    // Not shown: a password may be in it.
    private static Problem WrongAddress() =>
        Wrong(
            $"{Address} names no place of a cache.",
            "It is http(s)://HOST/PATH, or s3://BUCKET/PREFIX; AWS_ENDPOINT_URL_S3 says where a store of one's own is.",
            $"For example: {Address}=https://cache.example.com/team fairlead ci run"
        );

    private static Problem WrongMode(string mode) =>
        Wrong(
            $"{Mode} is '{mode}'.",
            "A shared cache is used to read, to write, or for both.",
            $"Set {Mode} to read, write or both, or leave it out."
        );

    private static Problem WrongKey(string why) =>
        Wrong(
            "The shared cache cannot be used.",
            $"Entries are signed, and {why}.",
            $"Make a key: openssl genpkey -algorithm ed25519 -outform DER | base64 -w0, for {Key}; its public half (openssl pkey -inform DER -pubout -outform DER | base64 -w0) is for {Trusted} where nothing is written."
        );

    private static Problem Wrong(string what, string why, string fix) =>
        new("pipeline.shared-cache", what, why, fix) { Trouble = Trouble.WrongUse };
}

using System.Text;
using System.Text.Json;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Registries;

/// <summary>
/// Logins as <c>docker login</c> and <c>podman login</c> keep them: in <c>config.json</c> itself, or with a helper that it names.
/// <c>{"auths":{"ghcr.io":{"auth":"dXNlcjpwYXNz"}},"credsStore":"pass","credHelpers":{"gcr.io":"gcloud"}}</c>
/// </summary>
/// <param name="file">Absolute; it need not be there.</param>
/// <param name="helper">Asks a helper by its name for a server.</param>
public sealed class DockerConfig(string file, Func<string, string, CancellationToken, Task<RegistryLogin?>> helper)
    : IRegistryCredentials
{
    private const int BytesMax = 1 << 20;

    // What docker login writes for the registry that it began with.
    private const string DockerHubKey = "https://index.docker.io/v1/";

    public async Task<RegistryLogin?> FindAsync(string host, CancellationToken stop)
    {
        if (Text() is not { } text)
        {
            return null;
        }
        var server = host == "docker.io" ? DockerHubKey : host;
        var found = Read(text, host, file);
        return found.Helper is { } name ? await helper(name, server, stop) ?? found.Login : found.Login;
    }

    /// <summary>Which helper knows it, and which login is written down.</summary>
    /// <exception cref="ProblemException">The file cannot be read.</exception>
    internal static (string? Helper, RegistryLogin? Login) Read(string text, string host, string file)
    {
        try
        {
            using var json = JsonDocument.Parse(
                text,
                new()
                {
                    MaxDepth = 16,
                    CommentHandling = JsonCommentHandling.Skip,
                    AllowTrailingCommas = true,
                }
            );
            var root = json.RootElement;
            if (root.ValueKind is not JsonValueKind.Object)
            {
                throw new JsonException("It is no object.");
            }
            var own = Member(root, "credHelpers") is { } helpers
                ? helpers
                    .EnumerateObject()
                    .Where(one => HostOf(one.Name) == host)
                    .Select(static one => one.Value)
                    .FirstOrDefault()
                : default;
            var name = own.ValueKind is JsonValueKind.String ? own.GetString() : String(root, "credsStore");
            var login = Member(root, "auths") is { } auths
                ? auths
                    .EnumerateObject()
                    .Where(one => HostOf(one.Name) == host && one.Value.ValueKind is JsonValueKind.Object)
                    .Select(one => Login(one.Value, file))
                    .OfType<RegistryLogin>()
                    .FirstOrDefault()
                : null;
            return (name is { Length: > 0 } ? name : null, login);
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException or FormatException)
        {
            throw new ProblemException(Unreadable(file, caught.Message), caught);
        }
    }

    // https://index.docker.io/v1/, https://registry.example.com, ghcr.io
    private static string HostOf(string key)
    {
        var start = key.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0;
        var slash = key.IndexOf('/', start);
        var host = (slash < 0 ? key[start..] : key[start..slash]).ToLowerInvariant();
        return host is "index.docker.io" or "registry-1.docker.io" ? "docker.io" : host;
    }

    private static RegistryLogin? Login(JsonElement one, string file)
    {
        if (String(one, "identitytoken") is { Length: > 0 } identity)
        {
            return new("<token>", identity, file) { IsIdentityToken = true };
        }
        if (String(one, "auth") is { Length: > 0 } auth)
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(auth)).TrimEnd('\0');
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            return colon < 0
                ? throw new FormatException("An auth is not base64 of user:password.")
                : new(pair[..colon], pair[(colon + 1)..], file);
        }
        return String(one, "username") is { Length: > 0 } user && String(one, "password") is { } password
            ? new(user, password, file)
            : null;
    }

    private static JsonElement? Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out var one) && one.ValueKind is JsonValueKind.Object ? one : null;

    private static string? String(JsonElement root, string name) =>
        root.TryGetProperty(name, out var one) && one.ValueKind is JsonValueKind.String ? one.GetString() : null;

    private string? Text()
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: <= BytesMax } ? File.ReadAllText(file) : null;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Unreadable(file, caught.Message), caught);
        }
    }

    private static Problem Unreadable(string file, string why) =>
        new(
            "registry.config",
            What: $"{file} cannot be read for logins.",
            Why: why,
            Fix: $"Mend it, or move it away and log in anew: docker login"
        )
        {
            Trouble = Trouble.NeedsPerson,
        };
}

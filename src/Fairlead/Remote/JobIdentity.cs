using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Problems;

namespace Fairlead.Remote;

/// <summary>What is shown to a server elsewhere.</summary>
/// <param name="IsOfJob">A CI system signed it for the job at hand: it is good for minutes.</param>
internal sealed record Shown(string Token, bool IsOfJob);

/// <summary>
/// Finds what may be shown: a token that somebody set, or the one that a CI system signs for its job, so that none has to be set there.
/// </summary>
/// <param name="variable">Environment variables.</param>
/// <param name="folder">Where a relative name of a file begins.</param>
internal sealed class JobIdentity(Func<string, string?> variable, string folder)
{
    /// <summary>Whom a job's token is for, unless said otherwise.</summary>
    private const string UsualAudience = "fairlead";
    private const int TokenBytesMax = 64 * 1024;
    private static readonly TimeSpan AskMax = TimeSpan.FromSeconds(30);

    /// <exception cref="ProblemException">There is none, or the CI system did not give one.</exception>
    public async Task<Shown> FindAsync(CancellationToken stop)
    {
        if (Said("FAIRLEAD_TOKEN") is { } token)
        {
            return new(token, IsOfJob: false);
        }
        if (Said("FAIRLEAD_TOKEN_FILE") is { } file)
        {
            return new(ReadFile(Path.GetFullPath(file, folder)), IsOfJob: false);
        }
        // GitLab signs before the job begins; others may put theirs there too.
        if ((Said("FAIRLEAD_ID_TOKEN") ?? Said("CIRCLE_OIDC_TOKEN_V2")) is not { } signed)
        {
            return Said("ACTIONS_ID_TOKEN_REQUEST_URL") is { } github
                    ? new(await OfGitHubAsync(github, stop), IsOfJob: true)
                : Said("SYSTEM_OIDCREQUESTURI") is { } azure ? new(await OfAzureAsync(azure, stop), IsOfJob: true)
                : throw new ProblemException(None());
        }
        return new(signed, IsOfJob: true);
    }

    private string? Said(string name) =>
        variable(name) is { } text && text.Trim() is { Length: > 0 } said ? said : null;

    private string Audience => Said("FAIRLEAD_AUDIENCE") ?? UsualAudience;

    // https://docs.github.com/en/actions/reference/security/oidc: GET, with the runner's own token.
    private Task<string> OfGitHubAsync(string url, CancellationToken stop) =>
        AskAsync(
            new(
                HttpMethod.Get,
                $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}audience={Uri.EscapeDataString(Audience)}"
            ),
            ("GitHub", Said("ACTIONS_ID_TOKEN_REQUEST_TOKEN"), "value"),
            "Give the job the right: permissions: { id-token: write }",
            stop
        );

    // https://learn.microsoft.com/azure/devops/pipelines (Oidctoken - Create): POST, with the job's access token.
    private Task<string> OfAzureAsync(string url, CancellationToken stop)
    {
        var connection = Said("FAIRLEAD_SERVICE_CONNECTION") is { } id
            ? $"&serviceConnectionId={Uri.EscapeDataString(id)}"
            : "";
        return AskAsync(
            new(HttpMethod.Post, $"{url}?api-version=7.1{connection}") { Content = new ByteArrayContent([]) },
            ("Azure", Said("SYSTEM_ACCESSTOKEN"), "oidcToken"),
            "Give the step env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }, and the id of its connection in FAIRLEAD_SERVICE_CONNECTION",
            stop
        );
    }

    private static async Task<string> AskAsync(
        HttpRequestMessage request,
        (string System, string? Token, string Member) of,
        string fix,
        CancellationToken stop
    )
    {
        using var asked = request;
        using var http = new HttpClient { Timeout = AskMax, MaxResponseContentBufferSize = TokenBytesMax };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", of.Token ?? "");
        try
        {
            using var answer = await http.SendAsync(request, stop);
            if (!answer.IsSuccessStatusCode)
            {
                throw new ProblemException(NotGiven(of.System, $"It answered {(int)answer.StatusCode}.", fix));
            }
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop)) as JsonObject;
            return body?[of.Member] is JsonValue value && value.TryGetValue<string>(out var token)
                ? token
                : throw new ProblemException(NotGiven(of.System, $"Its answer has no '{of.Member}'.", fix));
        }
        catch (Exception caught)
            when (caught is HttpRequestException or JsonException or UriFormatException or InvalidOperationException)
        {
            throw new ProblemException(NotGiven(of.System, caught.Message, fix), caught);
        }
        catch (TaskCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(NotGiven(of.System, "It did not answer in time.", fix), caught);
        }
    }

    private static string ReadFile(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= TokenBytesMax }
                ? File.ReadAllText(path).Trim()
                : throw new ProblemException(NoFile(path, "There is no such file, or it is too large for a token."));
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(NoFile(path, caught.Message), caught);
        }
    }

    private static Problem NoFile(string path, string why) =>
        new(
            "remote.no-token",
            $"FAIRLEAD_TOKEN_FILE {path} gives no token.",
            why,
            "Write the token there, and nothing else."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem NotGiven(string system, string why, string fix) =>
        new("remote.no-job-token", $"{system} gave this job no token of its own.", why, fix)
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem None() =>
        new(
            "remote.no-token",
            What: "There is nothing to show to the server.",
            Why: "No FAIRLEAD_TOKEN or FAIRLEAD_TOKEN_FILE is set, and no CI system that signs tokens for its jobs was found.",
            Fix: "On the server: fairlead token create NAME --role deployer --only-app APP; for jobs: fairlead trust create"
        )
        {
            Trouble = Trouble.NotAllowed,
        };
}

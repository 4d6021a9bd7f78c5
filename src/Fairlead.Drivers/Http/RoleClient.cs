using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Http;

/// <summary>Asks a role over its Unix socket; the file's permissions are the password.</summary>
/// <param name="role">server, edge or node.</param>
/// <param name="answerMax">How long an answer may take; a minute when left out.</param>
public sealed class RoleClient(string role, string socketPath, TimeSpan? answerMax = null) : IDisposable
{
    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), stop);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        }
    )
    {
        BaseAddress = new Uri($"http://{role}.fairlead"),
        Timeout = answerMax ?? TimeSpan.FromSeconds(60),
    };

    /// <summary>Asked as an agent of this name; null for as the owner.</summary>
    public string? Agent { get; init; }

    public Task<T> GetAsync<T>(string path, CancellationToken stop) =>
        SendAsync<T>(HttpMethod.Get, path, body: null, fence: null, stop);

    /// <summary>Asks for an effect that may be asked for twice.</summary>
    public Task<T> PostAsync<T>(string path, object? body, Fence? fence, CancellationToken stop) =>
        SendAsync<T>(HttpMethod.Post, path, body, fence, stop);

    public void Dispose() => http.Dispose();

    private async Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        object? body,
        Fence? fence,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: Wire.Json);
        }
        if (Agent is { } agent)
        {
            request.Headers.Add(Wire.AgentHeader, agent);
        }
        if (fence is { } mine)
        {
            request.Headers.Add(Wire.FenceHeader, mine.ToString());
        }
        try
        {
            using var response = await http.SendAsync(request, stop);
            if (!response.IsSuccessStatusCode)
            {
                throw await RefusedAsync(response, fence, stop);
            }
            return response.StatusCode == HttpStatusCode.NoContent
                ? default!
                : (await response.Content.ReadFromJsonAsync<T>(Wire.Json, stop))!;
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw new ProblemException(Unreachable(caught), caught);
        }
        catch (TaskCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(Unreachable(caught), caught);
        }
    }

    private async Task<Exception> RefusedAsync(HttpResponseMessage response, Fence? mine, CancellationToken stop)
    {
        var text = await response.Content.ReadAsStringAsync(stop);
        var refusal = text.StartsWith('{') ? JsonSerializer.Deserialize<Refusal>(text, Wire.Json) : null;
        return refusal switch
        {
            { Fence: { } highest } => new FencedException(mine ?? default, new Fence(highest)),
            { Problems: { Count: > 0 } problems } => new ProblemException(problems),
            _ => new ProblemException(
                new Problem(
                    "role.failed",
                    What: $"The {role} could not do what it was asked.",
                    Why: string.Create(
                        CultureInfo.InvariantCulture,
                        $"It answered {(int)response.StatusCode} to {response.RequestMessage?.RequestUri?.AbsolutePath}."
                    ),
                    Fix: $"Read its log: fairlead logs --role {role}"
                )
            ),
        };
    }

    private Problem Unreachable(Exception caught) =>
        new(
            $"{role}.unreachable",
            What: $"The {role} does not answer.",
            Why: $"{socketPath}: {caught.GetBaseException().Message}",
            Fix: "See what runs: fairlead status. Start it: fairlead up"
        )
        {
            Trouble = Trouble.Unreachable,
        };
}

using System.Net;
using System.Text;

namespace Fairlead.Tests.Drivers.Certificates;

/// <summary>An authority whose answers a test writes down: each address has a line of answers, the last of which stays.</summary>
internal sealed class FakeAuthority : HttpMessageHandler
{
    public const string Directory =
        """{"newNonce":"https://ca.example/nonce","newAccount":"https://ca.example/account","newOrder":"https://ca.example/order","renewalInfo":"https://ca.example/renewal"}""";

    private readonly Dictionary<string, Queue<HttpResponseMessage>> answers = [];
    private int nonces;

    /// <summary>What was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    public FakeAuthority Answer(string path, HttpStatusCode status, string body, string? location = null)
    {
        var answer = new HttpResponseMessage(status)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (location is not null)
        {
            answer.Headers.Location = new Uri(location);
        }
        return Answer(path, answer);
    }

    public FakeAuthority Answer(string path, HttpResponseMessage answer)
    {
        answers.TryAdd(path, new());
        answers[path].Enqueue(answer);
        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        var path = request.RequestUri!.AbsolutePath;
        Asked.Add($"{request.Method} {path}");
        if (path == "/nonce")
        {
            return Task.FromResult(WithNonce(new HttpResponseMessage(HttpStatusCode.OK)));
        }
        var line = answers[path];
        return Task.FromResult(WithNonce(line.Count > 1 ? line.Dequeue() : line.Peek()));
    }

    private HttpResponseMessage WithNonce(HttpResponseMessage answer)
    {
        answer.Headers.Remove("Replay-Nonce");
        answer.Headers.Add("Replay-Nonce", $"nonce-{++nonces}");
        return answer;
    }
}

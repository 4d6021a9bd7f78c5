using System.Net;
using System.Text;

namespace Fairlead.Tests.Drivers.Certificates;

/// <summary>An authority whose answers a test writes down: each address has a line of answers, the last of which stays.</summary>
internal sealed class FakeAuthority : HttpMessageHandler
{
    public const string Directory =
        """{"newNonce":"https://ca.example/nonce","newAccount":"https://ca.example/account","newOrder":"https://ca.example/order","renewalInfo":"https://ca.example/renewal"}""";

    private readonly Dictionary<string, Queue<Func<HttpResponseMessage>>> answers = [];
    private int nonces;

    /// <summary>What was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    public FakeAuthority Answer(string path, HttpStatusCode status, string body, string? location = null) =>
        Answer(
            path,
            () =>
            {
                var answer = new HttpResponseMessage(status)
                {
                    Content = new StringContent(body, Encoding.UTF8, "application/json"),
                };
                answer.Headers.Location = location is null ? null : new Uri(location);
                return answer;
            }
        );

    public FakeAuthority Answer(string path, Func<HttpResponseMessage> answer)
    {
        answers.TryAdd(path, new());
        answers[path].Enqueue(answer);
        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        var path = request.RequestUri!.AbsolutePath;
        Asked.Add($"{request.Method} {path}");
        var answer = path == "/nonce" ? new HttpResponseMessage(HttpStatusCode.OK) : Next(answers[path])();
        answer.Headers.Add("Replay-Nonce", $"nonce-{++nonces}");
        return Task.FromResult(answer);
    }

    private static Func<HttpResponseMessage> Next(Queue<Func<HttpResponseMessage>> line) =>
        line.Count > 1 ? line.Dequeue() : line.Peek();
}

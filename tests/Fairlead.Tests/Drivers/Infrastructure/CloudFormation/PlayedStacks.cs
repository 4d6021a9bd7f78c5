using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Infrastructure.CloudFormation;

/// <summary>CloudFormation as its API reference says that it answers; each action has a row of answers, of which the last one stays.</summary>
internal sealed class PlayedStacks : IAws
{
    private readonly Dictionary<string, Queue<AwsAnswer>> answers = new(StringComparer.Ordinal);

    public List<string> Asked { get; } = [];

    public List<string> Bodies { get; } = [];

    public string Region => "eu-central-1";

    public PlayedStacks Says(string action, params IEnumerable<string> results)
    {
        answers[action] = new(
            results.Select(result => new AwsAnswer(
                200,
                Encoding.UTF8.GetBytes(
                    $"<{action}Response xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><{action}Result>{result}</{action}Result></{action}Response>"
                )
            ))
        );
        return this;
    }

    public PlayedStacks Refuses(string action, string code, string message)
    {
        answers[action] = new([new(400, []) { Code = code, Message = message }]);
        return this;
    }

    public Uri AddressOf(AwsCall call) => new("http://127.0.0.1");

    public Task<AwsAnswer> AskAsync(AwsCall call, CancellationToken stop)
    {
        Asked.Add($"{call.Action} {call.Region}");
        Bodies.Add(Encoding.UTF8.GetString(call.Body.Span));
        if (!answers.TryGetValue(call.Action, out var row))
        {
            return Task.FromResult(new AwsAnswer(200, Encoding.UTF8.GetBytes($"<{call.Action}Response/>")));
        }
        return Task.FromResult(row.Count > 1 ? row.Dequeue() : row.Peek());
    }
}

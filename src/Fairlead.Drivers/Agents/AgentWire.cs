using Fairlead.Drivers.Channels;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Agents;

/// <summary>Asks other agents' servers by HTTP, as channels are: within limits, and no further inside than somebody may send it.</summary>
public sealed class AgentWire(World world) : IAgentWire, IDisposable
{
    private const int AnswerBytesMax = 1 << 20;

    private readonly ChannelHttp outside = new(world, AddressKind.Public);
    private readonly ChannelHttp inside = new(world, AddressKind.Inside);

    public async Task<WireAnswer> AskAsync(WireRequest request, CancellationToken stop)
    {
        var call = CallOf(request);
        var answer = await (request.Most is AddressKind.Public ? outside : inside).AskAsync(call, stop);
        return new(answer.Sent, answer.Body);
    }

    public void Dispose()
    {
        outside.Dispose();
        inside.Dispose();
    }

    internal static ChannelCall CallOf(WireRequest request) =>
        new(
            request.Body is null ? HttpMethod.Get : HttpMethod.Post,
            request.Url.ToString(),
            ChannelSecrets.Of(request.Secrets)
        )
        {
            Body = request.Body is { } body ? ChannelCall.BytesOf(body) : null,
            BodyType = request.BodyType,
            Headers = request.Headers,
            AnswerBytesMax = request.ReadsAnswer ? AnswerBytesMax : 0,
        };
}

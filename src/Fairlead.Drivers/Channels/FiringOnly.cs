using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>Leaves out what is over where a receiver does not want to hear of it (<c>send_resolved: false</c>), for every channel alike.</summary>
internal sealed class FiringOnly(IChannel channel) : IChannel
{
    public string Kind => channel.Kind;

    public IReadOnlyList<ChannelField> Fields => channel.Fields;

    public string? Fault(ChannelSettings settings) => channel.Fault(settings);

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop) =>
        settings.SendsResolved || notification.Headline is not null ? channel.SendAsync(notification, settings, stop)
        : notification.IsResolved ? Task.FromResult(Sent.Taken)
        : channel.SendAsync(notification with { Alerts = [.. notification.Firing] }, settings, stop);
}

using Fairlead.Drivers.Channels.Issues;
using Fairlead.Drivers.Channels.Mail;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>Every way to tell somebody. To add one: write its file in this folder, add its line here, derive its test from the contract.</summary>
public static class AllChannels
{
    /// <summary>Sorted by kind. They live as long as the program: connections are theirs together.</summary>
    /// <param name="folder">Where the channel <c>log</c> writes; made when something is written.</param>
    public static IReadOnlyList<IChannel> Entries(World world, string folder)
    {
        var http = new ChannelHttp(world);
        return
        [
            new DiscordChannel(http),
            new EmailChannel(world),
            new IssueChannel(http, new GitHubIssues()),
            new IssueChannel(http, new GitLabIssues()),
            new GotifyChannel(http),
            new LogChannel(folder),
            new MatrixChannel(http),
            new MattermostChannel(http),
            new MsTeamsChannel(http),
            new NtfyChannel(http),
            new OpsgenieChannel(http),
            new PagerDutyChannel(http),
            new SlackChannel(http),
            new TelegramChannel(http),
            new TwilioChannel(http),
            new WebhookChannel(http, world),
        ];
    }
}

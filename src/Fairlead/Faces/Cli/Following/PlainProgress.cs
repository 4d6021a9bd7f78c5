using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Ports;

namespace Fairlead.Faces.Cli.Following;

/// <summary>A deployment as lines: each line of the journal as it comes, and a sign of life when none comes.</summary>
/// <param name="say">Takes one line.</param>
internal sealed class PlainProgress(World world, Action<string> say)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private DateTimeOffset lastSaid = world.Now;
    private bool isAway;

    public void Show(FollowPage page)
    {
        foreach (var entry in page.Entries)
        {
            Say(Plain.Of(entry.Text));
        }
        if (!page.IsAnswered && !isAway)
        {
            Say("the server does not answer; trying again for up to 60 s");
        }
        isAway = !page.IsAnswered;
        if (world.Now - lastSaid >= Heartbeat && !page.Deployment.IsOver)
        {
            Say(Alive(page));
        }
    }

    private string Alive(FollowPage page)
    {
        var deployment = page.Deployment;
        var waiting = deployment.Waiting is { } what ? $": waits for {Plain.Of(what)}" : "";
        var took = DeploymentText.Took(world.Now - deployment.RequestedAt);
        return isAway
            ? $"still no answer from the server; deployment {deployment.Id} was last seen {DeploymentText.PhaseWord(deployment.Phase)}"
            : $"still {DeploymentText.PhaseWord(deployment.Phase)} after {took}{waiting}";
    }

    private void Say(string line)
    {
        say(line);
        lastSaid = world.Now;
    }
}

using System.Globalization;
using Fairlead.Model.Alerting;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Telling;

/// <summary>Links by which somebody who was told answers without signing in: sealed, for one incident and one receiver, for a week.</summary>
/// <param name="url">Where this Fairlead is reached by people, without a slash at the end.</param>
public sealed class AnswerLinks(Func<CancellationToken, Task<ISeal>> open, Func<string> url, World world)
{
    /// <summary>Where links lead to.</summary>
    public const string Folder = "/respond/";

    private const string Purpose = "respond";
    private static readonly TimeSpan GoodFor = TimeSpan.FromDays(7);

    /// <param name="Who">The receiver that was told.</param>
    public sealed record Answerer(int Incident, string Who);

    public async Task<IReadOnlyList<NotificationLink>> OfAsync(
        Incident incident,
        string receiver,
        CancellationToken stop
    )
    {
        if (!incident.IsOpen)
        {
            return [];
        }
        var until = (world.Now + GoodFor).ToUnixTimeSeconds();
        var seal = await open(stop);
        var text = string.Create(CultureInfo.InvariantCulture, $"{incident.Number} {until} {receiver}");
        return [new("Answer", $"{url()}{Folder}{seal.Seal(text, Purpose)}")];
    }

    /// <summary>Who answers to what; null for a link that is not ours, or no longer good.</summary>
    public async Task<Answerer?> ReadAsync(string token, CancellationToken stop)
    {
        var seal = await open(stop);
        return
            seal.Open(token, Purpose)?.Split(' ', 3) is [var number, var until, var who]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var incident)
            && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && world.Now.ToUnixTimeSeconds() < seconds
            ? new(incident, who)
            : null;
    }
}

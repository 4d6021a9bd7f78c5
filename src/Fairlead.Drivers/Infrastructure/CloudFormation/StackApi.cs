using System.Xml;
using System.Xml.Linq;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Infrastructure.CloudFormation;

/// <summary>Asks CloudFormation, page by page, and waits for what takes its time.</summary>
internal sealed class StackApi(IAws aws, World world)
{
    private const int PagesMax = 200;
    private const int CausesMax = 3;
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(10);

    /// <summary>Null when there is none, or none any more.</summary>
    public async Task<StackState?> FindAsync(StackPart part, string nameOrId, CancellationToken stop)
    {
        var call = StackCalls.DescribeStack(part, nameOrId);
        var answer = await aws.AskAsync(call, stop);
        if (!answer.IsDone)
        {
            return IsMissing(answer)
                ? null
                : throw new ProblemException(StackProblems.Refused(call, part.Stack, answer));
        }
        return StackAnswers.Stack(Xml(call, answer)) is { Status: not "DELETE_COMPLETE" } state ? state : null;
    }

    /// <exception cref="ProblemException">It was refused.</exception>
    public async Task<XElement> AskAsync(StackPart part, AwsCall call, CancellationToken stop)
    {
        var answer = await aws.AskAsync(call, stop);
        return answer.IsDone
            ? Xml(call, answer)
            : throw new ProblemException(StackProblems.Refused(call, part.Stack, answer));
    }

    /// <summary>Null where the API does not know this, as simulators do not know all.</summary>
    public async Task<XElement?> TryAsync(AwsCall call, CancellationToken stop)
    {
        try
        {
            var answer = await aws.AskAsync(call, stop);
            return answer.IsDone ? Xml(call, answer) : null;
        }
        catch (ProblemException caught) when (caught.Problem.Code is "aws.busy")
        {
            return null; // moto answers 500 to what it does not know.
        }
    }

    public async Task<IReadOnlyList<T>> AllAsync<T>(
        StackPart part,
        Func<string?, AwsCall> page,
        Func<XElement, IEnumerable<T>> read,
        CancellationToken stop
    )
    {
        List<T> all = [];
        string? next = null;
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var answer = await AskAsync(part, page(next), stop);
            all.AddRange(read(answer));
            if ((next = StackAnswers.Next(answer)) is null)
            {
                return all;
            }
        }
        throw new ProblemException(StackProblems.Unreadable(page(null), $"It has more than {PagesMax} pages."));
    }

    /// <summary>A change set with all its changes, once it is ready or failed; null when there is none of that name.</summary>
    public async Task<ChangeSetState?> ChangeSetAsync(
        StackPart part,
        string changeSet,
        TimeSpan limit,
        CancellationToken stop
    )
    {
        var end = world.Now + limit;
        for (var pause = PauseMin; ; pause = Longer(pause))
        {
            var call = StackCalls.DescribeChangeSet(part, changeSet, null);
            var answer = await aws.AskAsync(call, stop);
            if (!answer.IsDone)
            {
                return IsMissing(answer)
                    ? null
                    : throw new ProblemException(StackProblems.Refused(call, part.Stack, answer));
            }
            var state = StackAnswers.ChangeSet(Xml(call, answer));
            if (!state.IsUnderWay)
            {
                var changes = await AllAsync(
                    part,
                    next => StackCalls.DescribeChangeSet(part, changeSet, next),
                    static page => StackAnswers.ChangeSet(page).Changes,
                    stop
                );
                return state with { Changes = changes };
            }
            await PauseAsync(part, "Planning", (end, limit), pause, stop);
        }
    }

    /// <summary>Ids of all events so far.</summary>
    public async Task<HashSet<string>> SeenAsync(StackPart part, string stackId, CancellationToken stop)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await NewEventsAsync(part, stackId, seen, stop);
        return seen;
    }

    /// <summary>Waits until nothing goes on any more at a stack, tells what happens to it, and gives its state and why it failed, if it did.</summary>
    public async Task<(StackState? State, IReadOnlyList<StackEvent> Causes)> SettledAsync(
        StackPart part,
        (string StackId, HashSet<string> Seen, Action<string> Say) follow,
        TimeSpan limit,
        CancellationToken stop
    )
    {
        List<StackEvent> causes = [];
        var end = world.Now + limit;
        for (var pause = PauseMin; ; pause = Longer(pause))
        {
            var state = await FindAsync(part, follow.StackId, stop);
            foreach (var one in await NewEventsAsync(part, follow.StackId, follow.Seen, stop))
            {
                follow.Say($"{part.Prefix}{one}");
                if (one.IsCause && causes.Count < CausesMax)
                {
                    causes.Add(one);
                }
            }
            if (state is null || !state.IsUnderWay)
            {
                return (state, causes);
            }
            await PauseAsync(part, "The change", (end, limit), pause, stop);
        }
    }

    public async Task PauseAsync(
        StackPart part,
        string what,
        (DateTimeOffset End, TimeSpan Limit) until,
        TimeSpan pause,
        CancellationToken stop
    )
    {
        if (world.Now >= until.End)
        {
            throw new ProblemException(StackProblems.TimedOut(part, what, until.Limit));
        }
        await Task.Delay(pause, world.Clock, stop);
    }

    public static TimeSpan Longer(TimeSpan pause) => pause * 2 > PauseMax ? PauseMax : pause * 2;

    // Oldest first. AWS tells the newest first, so that pages are turned until one is known.
    private async Task<IReadOnlyList<StackEvent>> NewEventsAsync(
        StackPart part,
        string stackId,
        HashSet<string> seen,
        CancellationToken stop
    )
    {
        List<StackEvent> found = [];
        string? next = null;
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var call = StackCalls.Events(part, stackId, next);
            var answer = await aws.AskAsync(call, stop);
            if (!answer.IsDone)
            {
                // A stack that is gone may have none any more.
                return IsMissing(answer)
                    ? []
                    : throw new ProblemException(StackProblems.Refused(call, part.Stack, answer));
            }
            var xml = Xml(call, answer);
            var events = StackAnswers.Events(xml);
            found.AddRange(events.Where(one => seen.Add(one.Id)));
            next = StackAnswers.Next(xml);
            if (next is null || events.Count == 0 || !found.Contains(events[^1]))
            {
                break;
            }
        }
        found.Reverse();
        return found;
    }

    // CloudFormation has no code of its own for it.
    private static bool IsMissing(AwsAnswer answer) =>
        answer.Code is "ChangeSetNotFound" or "ChangeSetNotFoundException"
        || (answer.Code == "ValidationError" && answer.Message.Contains("does not exist", StringComparison.Ordinal));

    private static XElement Xml(AwsCall call, AwsAnswer answer)
    {
        try
        {
            return answer.Xml();
        }
        catch (XmlException caught)
        {
            throw new ProblemException(StackProblems.Unreadable(call, caught.Message), caught);
        }
    }
}

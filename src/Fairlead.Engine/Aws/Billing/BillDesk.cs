using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Billing;

/// <summary>
/// Asks AWS what it wants for what Fairlead made, seldom: each request costs money and the numbers change three times a day at most. What came is
/// kept in the store, so that neither a restart nor another server asks again.
/// </summary>
/// <param name="isAsked">False where whoever owns the server does not want that.</param>
public sealed class BillDesk(IAws aws, (IStore Store, Func<Fence> Fence) kept, World world, bool isAsked) : IDisposable
{
    /// <summary>How old a bill may be.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(12);

    /// <summary>How long nobody asks again after a refusal.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private const int PagesMax = 10;

    // Somebody waits for the report, and the bill is the least of it.
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>The bill; null where nobody asks for one, or there are no credentials.</summary>
    public async Task<Bill?> ReadAsync(CancellationToken stop)
    {
        if (!isAsked)
        {
            return null;
        }
        await turn.WaitAsync(stop);
        try
        {
            var document = await kept.Store.ReadAsync(Bill.Collection, Bill.Key, stop);
            var known = document is null ? null : Records.Read<Bill>(document);
            if (
                known is not null
                && (world.Now - known.At < Fresh || known.Trouble is { } trouble && world.Now - trouble.At < Pause)
            )
            {
                return known;
            }
            var bill = await AskAsync(known, stop);
            if (bill is not null)
            {
                await kept.Store.CommitAsync(
                    new Change(kept.Fence()) { Writes = [new Write(Bill.Collection, Bill.Key, Records.Body(bill))] },
                    stop
                );
            }
            return bill;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<Bill?> AskAsync(Bill? known, CancellationToken stop)
    {
        var now = world.Now;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        // On the first day of a month the one before is that of which there are days.
        var from = new DateOnly(today.AddDays(-1).Year, today.AddDays(-1).Month, 1).AddMonths(-1);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = world.Clock.CreateTimer(_ => limit.Cancel(), null, AnswerMax, Timeout.InfiniteTimeSpan);
        try
        {
            var lines = new List<BillLine>();
            foreach (var group in BillCalls.Groups)
            {
                string? page = null;
                for (var pages = 0; pages < PagesMax; pages++)
                {
                    var answer = await aws.JsonAsync(
                        BillCalls.Costs(group, (from, today), page, aws.Region),
                        "the bill",
                        limit.Token
                    );
                    lines.AddRange(BillReading.Lines(answer));
                    page = BillReading.NextPage(answer);
                    if (page is null)
                    {
                        break;
                    }
                }
            }
            return new(now, today, BillReading.Sum(lines));
        }
        catch (ProblemException caught) when (caught.Problem.Code is "aws.no-credentials")
        {
            return null;
        }
        catch (ProblemException caught)
        {
            return Troubled(caught.Problem.Code, $"{caught.Problem.What} {caught.Problem.Why}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Troubled("aws.unreachable", $"AWS did not answer within {AnswerMax.Text}.");
        }

        // What is known from before stays, with its day; without any, nothing is known.
        Bill Troubled(string code, string text) =>
            (known ?? new(DateTimeOffset.UnixEpoch, today, [])) with
            {
                Trouble = new(now, code, text),
            };
    }
}

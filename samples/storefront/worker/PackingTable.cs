namespace Storefront.Worker;

/// <summary>Packs one order after the other.</summary>
public sealed class PackingTable(OrderClient orders, Fault fault)
{
    private const int FinishTriesMax = 6;
    private static readonly TimeSpan s_packing = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_idle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private bool _isCutOff;

    /// <summary>Works until it is told to stop, and then to the end of the order in hand.</summary>
    public async Task WorkAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var order = fault.Kind is FaultKind.Sick ? null : await TryTakeAsync();
            if (order is null)
            {
                await PauseAsync(_isCutOff ? s_retry : s_idle, stop);
                continue;
            }
            await PackAsync(order);
        }
    }

    private static async Task PauseAsync(TimeSpan time, CancellationToken stop)
    {
        try
        {
            await Task.Delay(time, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop looks next, and ends.
        }
    }

    private static bool IsTrouble(Exception problem) => problem is HttpRequestException or TaskCanceledException;

    // Not cut short by the stop: an answer nobody reads would leave the order lying until its time is up.
    private async Task<Order?> TryTakeAsync()
    {
        try
        {
            var order = await orders.TakeAsync();
            if (_isCutOff)
            {
                Console.WriteLine("the api answers again");
            }
            _isCutOff = false;
            return order;
        }
        catch (Exception problem) when (IsTrouble(problem))
        {
            if (!_isCutOff)
            {
                Console.WriteLine($"the api does not answer, trying on: {problem.Message}");
            }
            _isCutOff = true;
            return null;
        }
    }

    private async Task PackAsync(Order order)
    {
        var things = order.Lines.Sum(line => line.Quantity);
        Console.WriteLine($"packing order {order.Number}, {things} thing{(things == 1 ? "" : "s")}");
        await Task.Delay(s_packing + fault.Slowness);
        var how = fault.IsNextBad() ? "returned" : "packed";
        for (var tries = 1; ; tries++)
        {
            try
            {
                var isMine = await orders.FinishAsync(order.Number, how);
                Console.WriteLine(
                    isMine ? $"{how} order {order.Number}" : $"order {order.Number} had gone to another worker"
                );
                return;
            }
            catch (Exception problem) when (IsTrouble(problem) && tries < FinishTriesMax)
            {
                await Task.Delay(s_retry);
            }
            catch (Exception problem) when (IsTrouble(problem))
            {
                Console.WriteLine(
                    $"order {order.Number} goes to another worker when its time is up: {problem.Message}"
                );
                return;
            }
        }
    }
}

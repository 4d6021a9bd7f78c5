using Fairlead.Model.Ports;
using Fairlead.Roles.Edge;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Edge;

public sealed class SwitchboardTests : RouterContract, IDisposable
{
    private readonly TempFolder folder = new();
    private readonly World world = new(TimeProvider.System, new Random(1));
    private Switchboard? board;

    public void Dispose()
    {
        board?.Dispose();
        folder.Dispose();
    }

    protected override Task<IRouter> OpenAsync()
    {
        board?.Dispose();
        board = new Switchboard(new RoutingFile(folder.Path, NullLogger.Instance), new Ledger(world), world);
        return Task.FromResult<IRouter>(board);
    }

    protected override Task<IRouter> ReopenAsync() => OpenAsync();
}

using Fairlead.Drivers.State;
using Fairlead.Engine.Guarding.Audit;
using Fairlead.Model.Ports;
using Fairlead.Roles;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>FAIRLEAD_AUDIT_COPY: a file that gets every signed head as well.</summary>
    private static HeadKeeper Audit(RoleContext context, IStore store, ISigner signer)
    {
        var log = context.Logs.CreateLogger("Fairlead.Audit");
        var copy = Environment.GetEnvironmentVariable("FAIRLEAD_AUDIT_COPY");
        return new(
            store,
            new AuditFiles(context.State.Audit, string.IsNullOrEmpty(copy) ? null : copy, log),
            signer,
            context.World,
            log
        );
    }
}

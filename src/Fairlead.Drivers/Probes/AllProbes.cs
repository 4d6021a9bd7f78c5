using Fairlead.Drivers.Probes.Amqp;
using Fairlead.Drivers.Probes.Mongo;
using Fairlead.Drivers.Probes.Mysql;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Probes;

/// <summary>Every service that can be probed. To add one: write its file, add its line here.</summary>
public static class AllProbes
{
    public static IReadOnlyList<IServiceProbe> Entries =>
        [new AmqpProbe(), new MongoProbe(), new MysqlProbe(), new PostgresProbe(), new RedisProbe()];
}

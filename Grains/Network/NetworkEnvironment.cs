using System.Net;
using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.Execution;
using Millrace.Graph;
using Millrace.Network.Blocking;
using Millrace.Network.Exchange;
using Millrace.Network.Partitioners;
using Millrace.Serialization;

namespace Millrace.Network;

/// <summary>The ways between the subtasks of a silo, and from there to those of other silos. One per silo.
/// Thread-safe.</summary>
/// <param name="execution">Where chance comes from.</param>
/// <param name="options">What may wait between subtasks.</param>
/// <param name="exchange">The way to other silos, or null when there are none. Its owner disposes it.</param>
/// <param name="partitions">What finished producers leave; null for a silo that runs no stages. Its owner disposes
/// it.</param>
/// <remarks>
/// <para>
/// All gates and outputs of a job are made on all silos first, in any order; then the outputs connect and the loops
/// start. Whoever made a gate or an output disposes it when its attempt has ended, however it ended; nothing else is
/// left of the attempt then, but for what a finished producer has written and its consumers have not read.
/// </para>
/// <para>
/// When one end is given up before the end of its data, the other falls silent: what is written is dropped, nothing
/// more is read. The failed or canceled attempt tells its job, which ends the other one; a second failure would only
/// hide the first. The loss of a silo is a failure of its own, seen by every end of a channel to it.
/// </para>
/// </remarks>
internal sealed class NetworkEnvironment(
    IExecution execution, NetworkOptions options, IExchange? exchange = null, PartitionStore? partitions = null)
{
    // Beside a reference in a batch: an estimate of what it refers to.
    private const int ReferredBytes = 64;

    private readonly LocalChannels _local = new();
    private readonly StageEdges _stages = new(options, exchange, partitions);

    /// <summary>What finished producers have left here.</summary>
    public StageEdges Stages => _stages;

    /// <summary>Where other silos reach this one; null when there are none.</summary>
    public EndPoint? EndPoint => exchange?.EndPoint;

    /// <summary>Makes one input of a subtask.</summary>
    /// <param name="spec">Its channels.</param>
    /// <param name="serializers">The job's; asked for <typeparamref name="T"/> when a channel comes from another
    /// silo.</param>
    /// <param name="wake">Makes the subtask's loop run a round; called from any thread, and already now: a loop that is
    /// not there yet reads in its first round, woken or not.</param>
    /// <param name="account">Counts the batches that are out.</param>
    public IInputGate CreateGate<T>(
        InputGateSpec spec, SerializerSet serializers, Action wake, BatchAccount account)
    {
        List<IInputChannel> channels = new(spec.Channels.Count);
        RemoteInputs<T>? remote = null;
        try
        {
            foreach (InputChannelSpec channel in spec.Channels)
            {
                if (channel is { IsBlocking: true, IsRemote: false })
                {
                    channels.Add(_stages.Read<T>(channel.Id, spec, serializers, account));
                    continue;
                }

                if (!channel.IsRemote)
                {
                    channels.Add(_local.Join<T>(channel.Id, ChannelEnd.Consumer));
                    continue;
                }

                remote ??= new RemoteInputs<T>(ExchangeFor(spec.Name), spec, serializers.Get<T>(), account);
                channels.Add(remote.Expect(channel.Id));
            }

            return new InputGate([.. channels], wake);
        }
        catch
        {
            channels.ForEach(channel => channel.ReleaseConsumer());
            throw;
        }
    }

    /// <summary>Makes the output of a subtask along one edge.</summary>
    /// <param name="spec">The edge and its targets.</param>
    /// <param name="partition">How the program asks for its records to be divided; null when the edge's kind says it
    /// all.</param>
    /// <param name="serializers">The job's; asked for <typeparamref name="T"/> when a target is on another
    /// silo.</param>
    /// <param name="wake">Makes the subtask's loop run a round; called from any thread.</param>
    /// <param name="account">Counts the batches that are out.</param>
    public PartitionOutput<T> CreateOutput<T>(
        OutputSpec spec,
        PartitionTransformation<T>? partition,
        SerializerSet serializers,
        Action wake,
        BatchAccount account)
    {
        ArgumentOutOfRangeException.ThrowIfZero(spec.Targets.Count);
        Producer producer = new(wake);
        int filled = Scatters(spec.Partitioner) ? spec.Targets.Count : 1;
        int capacity = BatchCapacity.Of<T>(filled, spec.BatchSize);
        int depth = options.LocalDepth(filled, capacity * BytesOfRecord<T>());
        List<ISubpartition<T>> targets = new(spec.Targets.Count);
        try
        {
            AddTargets(targets, spec, serializers, producer, depth);
            BatchLayout layout = spec.HasTimestamps ? BatchLayout.Timestamps : BatchLayout.None;
            BatchLayout scattered = spec.Partitioner == PartitionerKind.Hash ? layout | BatchLayout.Hashes : layout;
            int kept = (filled * (depth + 2)) + 8;
            OutputParts<T> parts = new(
                spec.Name,
                new BatchPool<T>(BatchCapacity.Of<T>(targets: 1, spec.BatchSize), layout, account, kept),
                new BatchPool<T>(capacity, scattered, account, kept),
                producer,
                [.. targets])
            {
                Consumer = spec.Consumer,
            };
            return new PartitionerFactory<T>(parts, spec, serializers, execution.NewRandom).Build(partition);
        }
        catch
        {
            targets.ForEach(target => target.ReleaseProducer());
            throw;
        }
    }

    private void AddTargets<T>(
        List<ISubpartition<T>> targets, OutputSpec spec, SerializerSet serializers, Producer producer, int depth)
    {
        if (spec.Blocking is not null)
        {
            targets.AddRange(_stages.Write(spec, serializers.Get<T>(), producer));
            return;
        }

        RemoteOutputs<T>? remote = null;
        foreach (OutputTarget target in spec.Targets)
        {
            if (target.Remote is not null)
            {
                remote ??= new RemoteOutputs<T>(
                    ExchangeFor(spec.Name),
                    spec,
                    serializers.Get<T>(),
                    producer,
                    options.RemoteMark(spec.Targets.Count));
                targets.Add(remote.To(target.Channel, target.Remote));
                continue;
            }

            LocalChannel<T> channel = _local.Join<T>(target.Channel, ChannelEnd.Producer);
            channel.Open(producer, depth);
            targets.Add(channel);
        }
    }

    private IExchange ExchangeFor(string name) => exchange
        ?? throw new InvalidOperationException($"'{name}' has a channel to another silo; there is no exchange here.");

    private static bool Scatters(PartitionerKind kind) =>
        kind is not (PartitionerKind.Forward or PartitionerKind.Global or PartitionerKind.Broadcast);

    private static long BytesOfRecord<T>() =>
        Unsafe.SizeOf<T>() + (RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? ReferredBytes : 0);
}

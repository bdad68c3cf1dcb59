using System.Runtime.CompilerServices;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Network.Exchange.Calls;

[TestClass]
public sealed class CallOutboxTests
{
    private static readonly ExchangeConnectionId Connection = new(new Id128(1, 2));

    private readonly ScriptedExchange _there = new();
    private readonly List<Exception> _lost = [];
    private readonly CallOutbox _outbox;

    public CallOutboxTests() => _outbox = new CallOutbox(Connection, _there, _lost.Add);

    [TestMethod]
    public async Task Bytes_are_cut_into_payloads_and_small_parts_are_joined()
    {
        await WriteAsync(10, 20, IExchangeGrain.MaxPayloadBytes, 5);

        CollectionAssert.AreEqual(
            new[] { IExchangeGrain.MaxPayloadBytes, 35 }, _there.Payloads.Select(one => one.Length).ToArray());
        CollectionAssert.AreEqual(
            Enumerable.Range(0, IExchangeGrain.MaxPayloadBytes + 35).Select(at => (byte)at).ToArray(),
            _there.Payloads.SelectMany(one => one).ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 1 }, _there.Numbers.ToArray());
    }

    [TestMethod]
    public async Task A_window_of_calls_is_in_flight_and_no_more()
    {
        for (int payload = 0; payload < IExchangeGrain.Window; payload++)
        {
            await WriteAsync(1);
        }

        Task waiting = WriteAsync(1);
        Assert.IsFalse(waiting.IsCompleted);
        Assert.HasCount(IExchangeGrain.Window, _there.Answers);

        // Any answer makes room, whichever comes first.
        _there.Answers[5].SetResult(true);
        await waiting;
        Assert.HasCount(IExchangeGrain.Window + 1, _there.Answers);
    }

    [TestMethod]
    public async Task A_wait_for_room_ends_when_it_is_canceled()
    {
        using CancellationTokenSource stop = new();
        for (int payload = 0; payload < IExchangeGrain.Window; payload++)
        {
            await WriteAsync(1);
        }

        Task waiting = _outbox.WriteAsync([new byte[1]], stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
    }

    [TestMethod]
    public async Task A_call_turned_away_is_made_again_with_the_same_number()
    {
        _there.Rejections = 2;
        await WriteAsync(1);

        CollectionAssert.AreEqual(new long[] { 0, 0, 0 }, _there.Numbers.ToArray());
        Assert.IsEmpty(_lost);
        Assert.AreEqual(1, _outbox.Payloads);
    }

    [TestMethod]
    public async Task A_silo_that_turns_every_call_away_is_lost()
    {
        _there.Rejections = int.MaxValue;
        await WriteAsync(1);

        Assert.HasCount(1, _lost);
        Assert.IsNull(_outbox.Payloads);
        await Assert.ThrowsExactlyAsync<IOException>(() => WriteAsync(1));
    }

    [TestMethod]
    public async Task A_closed_end_takes_no_more()
    {
        await WriteAsync(1);
        _there.Answers[0].SetResult(false);

        await Eventually.HoldsAsync("the outbox knows", () => _outbox.Payloads is null);
        Assert.IsEmpty(_lost, "the silo itself is there");
        await Assert.ThrowsExactlyAsync<IOException>(() => WriteAsync(1));
    }

    private Task WriteAsync(params int[] lengths)
    {
        int at = 0;
        List<ReadOnlyMemory<byte>> parts = [];
        foreach (int length in lengths)
        {
            parts.Add(Enumerable.Range(at, length).Select(value => (byte)value).ToArray());
            at += length;
        }

        return _outbox.WriteAsync(parts, CancellationToken.None).AsTask();
    }

    private sealed class ScriptedExchange : IExchangeGrain
    {
        public int Rejections { get; set; }

        public List<long> Numbers { get; } = [];

        public List<byte[]> Payloads { get; } = [];

        public List<TaskCompletionSource<bool>> Answers { get; } = [];

        public Task<ExchangeAnswer> OpenAsync(
            ExchangeConnectionId connection, string silo, int version, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> WriteAsync(ExchangeConnectionId connection, long number, ReadOnlyMemory<byte> payload)
        {
            Assert.AreEqual(Connection, connection);
            Numbers.Add(number);
            if (Rejections > 0)
            {
                Rejections--;

                // Orleans makes them itself.
                return Task.FromException<bool>((Exception)RuntimeHelpers.GetUninitializedObject(
                    typeof(OrleansMessageRejectionException)));
            }

            Payloads.Add(payload.ToArray());
            Answers.Add(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
            return Answers[^1].Task;
        }

        public Task CloseAsync(ExchangeConnectionId connection, long? payloads) =>
            throw new NotSupportedException();
    }
}

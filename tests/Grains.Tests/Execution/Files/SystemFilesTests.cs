using Millrace.UserCode;

namespace Millrace.Execution.Files;

/// <summary>Files on the disk, read and written by whoever waits for it, by the pool, and as far as they are in
/// memory.</summary>
[TestClass]
public sealed class SystemFilesTests : IDisposable
{
    private const int Bytes = 1_000_000;

    private readonly TemporaryFolder _folder = new();
    private readonly IFile _file;
    private readonly byte[] _content = new byte[Bytes];

    public SystemFilesTests()
    {
        new Random(3).NextBytes(_content);
        _file = new SystemFiles().Create(_folder.Combine("file"));
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    // The system may have dropped any of it: what is given is right, and what is not is had by waiting.
    [TestMethod]
    public async Task What_is_at_hand_is_what_was_written_and_ends_with_the_file()
    {
        await _file.WriteAsync(0, _content);
        foreach ((int offset, int length) in new[] { (0, Bytes), (0, Bytes + 5_000), (4_097, 70_000), (Bytes - 3, 10) })
        {
            byte[] into = new byte[length];
            int read = _file.ReadAtHand(offset, into);
            int there = Math.Min(length, Bytes - offset);
            Assert.IsLessThanOrEqualTo(there, read, $"{length} bytes from {offset} on");
            CollectionAssert.AreEqual(_content[offset..(offset + read)], into[..read]);
            int rest = await _file.ReadAsync(offset + read, into.AsMemory(read));
            Assert.AreEqual(there, read + rest);
            CollectionAssert.AreEqual(_content[offset..(offset + there)], into[..there]);
        }

        Assert.AreEqual(0, _file.ReadAtHand(Bytes, new byte[1]), "behind the end");
        Assert.AreEqual(0, _file.ReadAtHand(0, []), "nothing asked for");
    }

    [TestMethod]
    public async Task Parts_stand_one_behind_the_other_whoever_writes_them()
    {
        int[] ends = [0, 1, 70_000, 70_001, 400_000, Bytes];
        ReadOnlyMemory<byte>[] parts =
            [.. ends.Zip(ends[1..], (from, to) => (ReadOnlyMemory<byte>)_content.AsMemory(from, to - from))];
        await Task.Run(() => _file.WriteAsync(0, parts));
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                _file.WriteAsync(Bytes, parts).GetAwaiter().GetResult();
            }
            catch (IOException exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();

        Assert.IsNull(failure);
        byte[] read = new byte[(2 * Bytes) + 10];
        Assert.AreEqual(2 * Bytes, await Task.Run(() => _file.ReadAsync(0, read)));
        CollectionAssert.AreEqual(_content, read[..Bytes]);
        CollectionAssert.AreEqual(_content, read[Bytes..(2 * Bytes)]);
    }
}

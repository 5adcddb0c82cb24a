/*
 * Runs the ClickHouse server that is inside libchdb.so, with the arguments of clickhouse-local:
 *   clickhouse-host <libchdb.so> --config-file=... --query "SYSTEM START LISTEN HTTP; ...; SELECT ... FROM file('/dev/stdin', ...)"
 * The last statement reads standard input, which is a pipe that SIGTERM or SIGINT closes: then it ends, and the server with it.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static sigset_t stop_signals;
static int keep_open;

static void *close_on_signal(void *unused) {
  int received;
  (void)unused;
  sigwait(&stop_signals, &received);
  close(keep_open);
  return NULL;
}

int main(int argc, char **argv) {
  int ends[2];
  pthread_t waiter;

  if (argc < 3) {
    fprintf(stderr, "usage: clickhouse-host <libchdb.so> <arguments of clickhouse-local>\n");
    return 64;
  }
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  /* Before any thread is there: all of the library's threads inherit it. */
  pthread_sigmask(SIG_BLOCK, &stop_signals, NULL);
  if (pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0) {
    perror("clickhouse-host");
    return 1;
  }
  close(ends[0]);
  keep_open = ends[1];
  if (pthread_create(&waiter, NULL, close_on_signal, NULL) != 0) return 1;

  void *library = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
  if (library == NULL) {
    fprintf(stderr, "clickhouse-host: %s\n", dlerror());
    return 1;
  }
  void *(*run)(int, char **) = (void *(*)(int, char **))dlsym(library, "chdb_query_cmdline");
  char *(*error_of)(void *) = (char *(*)(void *))dlsym(library, "chdb_result_error");
  if (run == NULL || error_of == NULL) {
    fprintf(stderr, "clickhouse-host: %s has no chdb_query_cmdline\n", argv[1]);
    return 1;
  }
  argv[1] = (char *)"clickhouse";
  void *result = run(argc - 1, argv + 1);
  char *error = result == NULL ? NULL : error_of(result);
  if (error != NULL) fprintf(stderr, "clickhouse-host: %s\n", error);
  /* The library's own threads may still run: no destructors. */
  _exit(error == NULL ? 0 : 2);
}
